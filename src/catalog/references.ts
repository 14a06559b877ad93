import type { JsonObject } from "../base/json.ts";
import { visibleMembers } from "./stored.ts";
import type { Reference } from "./type-definition.ts";
import { typeDefinition } from "./types.ts";

/**
 * The objects that the visible part of content refers to, each once, with the type it should have.
 * The parent of a group hierarchy is given with the child's type, and a membership's group always
 * as a group: CKAN does not tell groups and organizations apart there.
 */
export function references(type: string, content: JsonObject): Reference[] {
  const found = typeDefinition(type).references?.(visibleMembers(content) ?? {}) ?? [];
  const seen = new Set<string>();
  return found.filter(({ id }) => !seen.has(id) && seen.add(id));
}
