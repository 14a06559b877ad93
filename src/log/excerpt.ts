import type { Lsn, ObjectId } from "../base/ids.ts";
import { type SearchParts, searchParts } from "../catalog/index.ts";
import type { Content } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import { textOf } from "./stored-json.ts";

/** What an index that follows the log needs of one entry. */
export interface FollowedEntry {
  readonly lsn: Lsn;
  readonly object: ObjectId;
  /**
   * What a creation made, so that its object need not be read again. Null for everything else: then
   * the object is what the store says by now, or gone.
   */
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

/** The line of a revision that was just evaluated to `content`. */
export function revisionLine(lsn: Lsn, record: Revision, content: Content): string {
  const { object, type, parents } = record;
  return lineOf({
    ...{ lsn, object },
    created: parents.length === 0 ? { type, parts: searchParts(content) } : null,
  });
}

/** The line of a purge: its object is another one now, namely none. */
export function purgeLine(lsn: Lsn, object: ObjectId): string {
  return lineOf({ lsn, object, created: null });
}

function lineOf(entry: FollowedEntry): string {
  return JSON.stringify(entry);
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
