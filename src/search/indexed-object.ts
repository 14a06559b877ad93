import { isUuid, type Lsn } from "../base/ids.ts";
import type { JsonObject, MutableJsonObject } from "../base/json.ts";
import {
  type ReferenceLookup,
  references,
  type SearchFields,
  searchFields,
} from "../catalog/index.ts";

/** The filters that stand for references of a package, and the type they refer to. */
export const FACETS = ["tag", "group", "organization"] as const;
export type Facet = (typeof FACETS)[number];

/** What an index keeps of one object. */
export interface IndexedObject {
  readonly fields: SearchFields;
  /** What a package refers to, dangling references too. */
  readonly facets: readonly { readonly facet: Facet; readonly id: string }[];
}

/** An object's content as of a position of the log. */
export interface ObjectContent {
  readonly type: string;
  readonly lsn: Lsn;
  readonly content: JsonObject;
}

/** What to index of an object; `lookup` gives the contents of what it refers to. */
export function indexedObject(
  { type, content }: Pick<ObjectContent, "type" | "content">,
  lookup: ReferenceLookup,
): IndexedObject {
  return { fields: searchFields(type, content, lookup), facets: facetsOf(type, content) };
}

/** Only packages are members of something; a group's own parents are no filter. */
function facetsOf(type: string, content: JsonObject): IndexedObject["facets"] {
  if (type !== "package") return [];
  const facets = [];
  // Just the fields that facets stand for: the rest of a package is large.
  for (const reference of references(type, pick(content, ["owner_org", "groups", "tags"]))) {
    const facet = FACETS.find((name) => name === reference.type);
    if (facet !== undefined && isUuid(reference.id)) facets.push({ facet, id: reference.id });
  }
  return facets;
}

function pick(content: JsonObject, fields: readonly string[]): JsonObject {
  const picked: MutableJsonObject = {};
  for (const field of fields) {
    const value = content[field];
    if (value !== undefined) picked[field] = value;
  }
  return picked;
}

/** The text that a hit shows a piece of. */
export function shownText(content: JsonObject): string {
  for (const field of ["notes", "description", "about", "title", "name"]) {
    const value = content[field];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}
