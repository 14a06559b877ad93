import { isUuid, type Lsn } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import {
  joinParts,
  type ReferenceLookup,
  type SearchFields,
  type SearchParts,
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

/** What an object says itself, as of a position of the log. */
export interface ObjectParts {
  readonly type: string;
  readonly lsn: Lsn;
  readonly parts: SearchParts;
}

/** What to index of an object; `lookup` gives the contents of what it refers to. */
export function indexedObject(
  { type, parts }: Pick<ObjectParts, "type" | "parts">,
  lookup: ReferenceLookup,
): IndexedObject {
  return { fields: joinParts(parts, lookup), facets: facetsOf(type, parts) };
}

/** Only packages are members of something; a group's own parents are no filter. */
function facetsOf(type: string, { owner, groups, tags }: SearchParts): IndexedObject["facets"] {
  if (type !== "package") return [];
  const owners = owner === null ? [] : [owner];
  const named = { organization: owners, group: groups, tag: tags };
  return FACETS.flatMap((facet) => named[facet].filter(isUuid).map((id) => ({ facet, id })));
}

/** What an object says, under the name that it goes by. */
export function shownContent({
  text,
  effectiveName,
}: Pick<ObjectRow, "text" | "effectiveName">): JsonObject {
  const content = JSON.parse(text) as JsonObject;
  const isOwn = effectiveName === null || content.name === effectiveName;
  return isOwn ? content : { ...content, name: effectiveName };
}

/** The text that a hit shows a piece of. */
export function shownText(content: JsonObject): string {
  for (const field of ["notes", "description", "about", "title", "name"]) {
    const value = content[field];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}
