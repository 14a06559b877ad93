import { canonicalize, compareCodeUnits } from "../../base/canonical.ts";
import { namedId } from "../../base/ids.ts";
import type { Json, JsonObject, MutableJsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import { uuidOf } from "../identity.ts";
import { inside, invalid, listAt, objectAt } from "../invalid.ts";
import { positionAt } from "../position.ts";
import { DELETED, isDeleted, mapAt, visibleMembers } from "../stored.ts";
import type { ListField } from "../type-definition.ts";
import { storedMap } from "../values.ts";
import { RESOURCE_VOLATILE_FIELDS, SECRET_FIELDS } from "../volatile.ts";

const SECRETS = new Set(SECRET_FIELDS);
const DROPPED = new Set([...RESOURCE_VOLATILE_FIELDS, ...SECRET_FIELDS, "id"]);

/**
 * `resources: [{id, …}]` ↔ `/resources/<id>/<field>`. The order of the list becomes a fractional
 * `position`; CKAN's own number is ignored, as CKAN itself does when a list comes in.
 *
 * A resource without a UUID gets one from its package and content; of several with the same
 * content the second and later ones are told apart by an ordinal.
 */
export const resourcesField: ListField = {
  read(list, context) {
    const where = inside(context.where, "resources");
    const stored: MutableJsonObject = {};
    const ordinals = new Map<string, number>();
    const items = listAt(list, where);
    for (let index = 0; index < items.length; index++) {
      const place = inside(where, index);
      const input = objectAt(items[index], place);
      const resource = readResource(input, place);
      const id = uuidOf(input.id) ?? contentId(context.id, resource, ordinals);
      if (Object.hasOwn(stored, id)) {
        throw invalid(
          `the resource id ${id} stands twice`,
          inside(place, "id"),
          "give each resource an id of its own, or leave the id out",
        );
      }
      resource.position = positionAt(index);
      if (input.state === "deleted") resource[DELETED] = true;
      stored[id] = resource;
    }
    return items.length === 0 ? undefined : stored;
  },
  print(stored) {
    const printed: JsonObject[] = [];
    for (const [id, resource] of inOrder(mapAt({ resources: stored ?? null }, "resources"))) {
      if (isDeleted(resource)) continue;
      const fields: MutableJsonObject = { ...visibleMembers(resource), id };
      delete fields.position;
      printed.push(fields);
    }
    return printed;
  },
};

/** The members of `/resources` by position, then id; those without a position come last. */
export function inOrder(resources: JsonObject): [string, JsonObject][] {
  const members: [string, JsonObject][] = [];
  for (const id in resources) {
    const resource = resources[id] as Json;
    if (isJsonObject(resource)) members.push([id, resource]);
  }
  return members.sort(([idA, a], [idB, b]) => comparePlaces(idA, a.position, idB, b.position));
}

/** The order of two resources by what they hold as position, then by id. */
export function comparePlaces(
  idA: string,
  positionA: Json | undefined,
  idB: string,
  positionB: Json | undefined,
): number {
  const a = typeof positionA === "string" ? positionA : undefined;
  const b = typeof positionB === "string" ? positionB : undefined;
  if (a === b) return compareCodeUnits(idA, idB);
  if (a === undefined) return 1;
  return b === undefined ? -1 : compareCodeUnits(a, b);
}

/** Top-level fields of a resource are filtered by name, deeper ones for secrets only. */
function readResource(input: JsonObject, where: string): MutableJsonObject {
  const own: MutableJsonObject = {};
  for (const key in input) if (!DROPPED.has(key)) own[key] = input[key] as Json;
  return { ...storedMap(own, where, SECRETS) };
}

function contentId(parent: string, content: JsonObject, ordinals: Map<string, number>): string {
  const key = canonicalize(content);
  const ordinal = ordinals.get(key) ?? 0;
  ordinals.set(key, ordinal + 1);
  return ordinal === 0 ? namedId(parent, content) : namedId(parent, content, ordinal);
}
