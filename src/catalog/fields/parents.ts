import { compareCodeUnits } from "../../base/canonical.ts";
import type { Json, JsonObject, MutableJsonObject } from "../../base/json.ts";
import { uuidOf } from "../identity.ts";
import { checkKey, inside, invalid, listAt, objectAt } from "../invalid.ts";
import { isDeleted, mapAt } from "../stored.ts";
import type { ListField } from "../type-definition.ts";

/**
 * A group's or organization's `groups: [{name, capacity}]`, which name its parents in a hierarchy ↔
 * `/groups/<id, else name>` = capacity, else true. CKAN names parents without their id, and a
 * name here cannot tell a group from an organization; so the name is kept as the key, not guessed
 * into an id, and nothing is embedded.
 */
export const parentsField: ListField = {
  read(list, context) {
    const where = inside(context.where, "groups");
    const stored: MutableJsonObject = {};
    for (const [index, item] of listAt(list, where).entries()) {
      const place = inside(where, index);
      const parent = typeof item === "string" ? { name: item } : objectAt(item, place);
      if (parent.state === "deleted") continue;
      const key = uuidOf(parent.id) ?? uuidOf(parent.name) ?? parent.name;
      if (typeof key !== "string" || key === "") {
        throw invalid("a parent has neither a UUID nor a name", place, 'give {"name": "…"}');
      }
      checkKey(key, place);
      stored[key] = typeof parent.capacity === "string" ? parent.capacity : true;
    }
    return Object.keys(stored).length === 0 ? undefined : stored;
  },
  print(stored, { lookup }) {
    const parents = mapAt({ groups: stored ?? null }, "groups");
    const printed: Parent[] = [];
    for (const key of Object.keys(parents).sort(compareCodeUnits)) {
      const reference = uuidOf(key) === undefined ? { name: key } : named(key, lookup.content(key));
      if (reference === undefined) continue;
      const capacity = parents[key] as Json;
      printed.push(typeof capacity === "string" ? { ...reference, capacity } : reference);
    }
    return printed.sort((a, b) => compareCodeUnits(a.name ?? "", b.name ?? ""));
  },
};

type Parent = { readonly id?: string; readonly name: string | null; readonly capacity?: string };

function named(id: string, content: JsonObject | undefined): Parent | undefined {
  if (content === undefined || isDeleted(content)) return undefined;
  return { id, name: typeof content.name === "string" ? content.name : null };
}
