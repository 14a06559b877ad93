import { isUuid } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import {
  type ReferenceLookup,
  references,
  type SearchFields,
  searchFields,
} from "../catalog/index.ts";
import type { ObjectRow } from "../store/rows.ts";

/** The filters that stand for references of a package, and the type they refer to. */
export const FACETS = ["tag", "group", "organization"] as const;
export type Facet = (typeof FACETS)[number];

/** What an index keeps of one object. */
export interface IndexedObject {
  readonly fields: SearchFields;
  /** What a package refers to, dangling references too. */
  readonly facets: readonly { readonly facet: Facet; readonly id: string }[];
}

/** What to index of an object; `lookup` gives the contents of what it refers to. */
export function indexedObject(row: ObjectRow, lookup: ReferenceLookup): IndexedObject {
  const content = JSON.parse(row.text) as JsonObject;
  const facets = [];
  // Only packages are members of something; a group's own parents are no filter.
  for (const { id, type } of row.type === "package" ? references(row.type, content) : []) {
    const facet = FACETS.find((name) => name === type);
    if (facet !== undefined && isUuid(id)) facets.push({ facet, id });
  }
  return { fields: searchFields(row.type, content, lookup), facets };
}

/** The text that a hit shows a piece of. */
export function shownText(content: JsonObject): string {
  for (const field of ["notes", "description", "about", "title", "name"]) {
    const value = content[field];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}
