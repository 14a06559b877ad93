import type { Lsn, ObjectId } from "../base/ids.ts";
import { type SearchParts, searchParts } from "../catalog/index.ts";
import type { Content } from "../model/content.ts";
import type { Revision } from "../model/record.ts";

/** What an index that follows the log needs of one entry. */
export interface FollowedEntry {
  readonly lsn: Lsn;
  readonly object: ObjectId;
  /** What a creation made, so that its object need not be read again; else null. */
  readonly created: { readonly type: string; readonly parts: SearchParts } | null;
}

/**
 * The followed entries of a stretch of the log without gaps, made where the records are parsed
 * anyway: an index that gets them need not read and parse the log itself. Text, since that goes
 * from one thread to the next at the cost of copying bytes.
 */
export interface Excerpt {
  /** The stretch: after the first position, up to the second. */
  readonly after: Lsn;
  readonly to: Lsn;
  /** One line of JSON for each entry. */
  readonly text: string;
}

/** The line of an entry that was just evaluated to `content`. */
export function excerptLine(lsn: Lsn, record: Revision, content: Content): string {
  const { object, type, parents } = record;
  const created = parents.length === 0 ? { type, parts: searchParts(content) } : null;
  return JSON.stringify({ lsn, object, created } satisfies FollowedEntry);
}

export function readExcerpt({ text }: Excerpt): FollowedEntry[] {
  return text.split("\n").map((line) => JSON.parse(line) as FollowedEntry);
}
