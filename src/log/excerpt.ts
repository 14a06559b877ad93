import type { Lsn, ObjectId } from "../base/ids.ts";
import { type SearchParts, searchParts } from "../catalog/index.ts";
import type { Content } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import { textOf } from "./stored-json.ts";

/** What an index that follows the log needs of one entry. */
export interface FollowedEntry {
  readonly lsn: Lsn;
  readonly object: ObjectId;
  /** What a creation made, so that its object need not be read again; else null. */
  readonly created: { readonly type: string; readonly parts: SearchParts } | null;
}

/**
 * The followed entries of a stretch of the log without gaps, made where the records are parsed
 * anyway: an index that gets them need not read and parse the log itself.
 */
export interface Excerpt {
  /** The stretch: after the first position, up to the second. */
  readonly after: Lsn;
  readonly to: Lsn;
  /** One line of JSON for each entry; the memory is its own, to be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The line of an entry that was just evaluated to `content`. */
export function excerptLine(lsn: Lsn, record: Revision, content: Content): string {
  const { object, type, parents } = record;
  const created = parents.length === 0 ? { type, parts: searchParts(content) } : null;
  return JSON.stringify({ lsn, object, created } satisfies FollowedEntry);
}

/** The excerpt of the entries up to `to` from their lines; undefined when there are none. */
export function excerptOf(lines: readonly string[], to: Lsn): Excerpt | undefined {
  if (lines.length === 0) return undefined;
  return { after: to - lines.length, to, bytes: new TextEncoder().encode(lines.join("\n")) };
}

export function readExcerpt({ bytes }: Excerpt): FollowedEntry[] {
  const lines = textOf(bytes).split("\n");
  return lines.map((line) => JSON.parse(line) as FollowedEntry);
}
