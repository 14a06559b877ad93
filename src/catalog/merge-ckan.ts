import type { ObjectId } from "../base/ids.ts";
import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { inTypeOrder, readFields } from "./from-ckan.ts";
import { replaceContent } from "./replace.ts";
import { DELETED, type StoredObject, visibleMembers } from "./stored.ts";
import { TYPES, type Types, typeDefinition } from "./types.ts";

/**
 * What stored content becomes when a person gives some top-level fields in CKAN's form, as CKAN's
 * `package_patch` does: those are replaced whole, the others stay. `id` and fields that are not
 * stored are ignored; `state` sets or lifts the deletion. Short forms are read too: `tags:
 * ["water"]`, `groups: ["health"]`, `extras: {key: value}`. Throws as {@link fromCkan} does.
 */
export function mergeCkan(
  type: string,
  id: ObjectId,
  current: JsonObject,
  partial: JsonObject,
  types: Types = TYPES,
): { content: JsonObject; embedded: StoredObject[] } {
  const definition = typeDefinition(type, types);
  const embedded = new Map<string, StoredObject>();
  const given = readFields(definition, id, partial, "", { types, embedded });
  const desired: MutableJsonObject = { ...visibleMembers(current) };
  if (current[DELETED] === true) desired[DELETED] = true;
  for (const key in partial) {
    if (key === "state") delete desired[DELETED];
    else if (definition.dropped.has(key)) continue;
    delete desired[key];
  }
  for (const key in given) desired[key] = given[key] as Json;
  embedded.delete(id);
  const content = replaceContent(type, current, desired, types);
  return { content, embedded: inTypeOrder(embedded) };
}
