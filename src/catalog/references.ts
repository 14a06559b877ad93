import type { JsonObject } from "../base/json.ts";
import { readForm } from "./renamed-fields.ts";
import { visibleMembers } from "./stored.ts";
import type { Reference } from "./type-definition.ts";
import { TYPES, type Types, typeDefinition } from "./types.ts";

/**
 * The objects that the visible part of content refers to, each once, with the type it should have.
 * The parent of a group hierarchy is given with the child's type, and a membership's group always
 * as a group: CKAN does not tell groups and organizations apart there.
 */
export function references(type: string, content: JsonObject, types: Types = TYPES): Reference[] {
  const visible = visibleMembers(readForm(type, content, types)) ?? {};
  const found = typeDefinition(type, types).references?.(visible) ?? [];
  const seen = new Set<string>();
  return found.filter(({ id }) => !seen.has(id) && seen.add(id));
}
