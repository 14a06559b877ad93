import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { isForeignField } from "./foreign-fields.ts";
import { readForm } from "./renamed-fields.ts";
import { DELETED, isDeleted, type ReferenceLookup, visibleValue } from "./stored.ts";
import type { PrintContext } from "./type-definition.ts";
import { TYPES, type Types, typeDefinition } from "./types.ts";

/**
 * Stored content in CKAN's form, as it is exported: keyed maps are lists again, in an order that
 * depends on content alone; volatile fields are left out, and so are deleted members and
 * references to objects that are not here or are deleted. `state` is always there.
 *
 * Types whose form in CKAN does not say what it is (tag, vocabulary, user, membership) carry
 * `type`, so that a line of an export can be read again.
 */
export function toCkan(
  type: string,
  id: string,
  stored: JsonObject,
  lookup: ReferenceLookup,
  types: Types = TYPES,
): JsonObject {
  const definition = typeDefinition(type, types);
  const content = readForm(type, stored, types);
  const context: PrintContext = { id, type, lookup };
  const output: MutableJsonObject = {};
  for (const key in content) {
    if (key === DELETED || Object.hasOwn(definition.lists, key)) continue;
    if (isForeignField(type, key)) continue;
    const value = visibleValue(content[key] as Json);
    if (value !== undefined) output[key] = value;
  }
  for (const key in definition.lists) {
    const printed = definition.lists[key]?.print(content[key], context);
    if (printed !== undefined) output[key] = printed;
  }
  for (const key in definition.fixed) output[key] = definition.fixed[key] as Json;
  output.id = id;
  output.state = isDeleted(content) ? "deleted" : (content.state ?? "active");
  definition.finishCkan?.(output, context);
  return output;
}
