import type { Lsn, ObjectId } from "../base/ids.ts";
import { type ReadContent, type SearchParts, searchParts } from "../catalog/index.ts";
import type { Revision } from "../model/record.ts";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import type { Evaluated } from "./evaluate.ts";

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
  /** The entries one after the other; the memory is its own, to be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const STATES: readonly SearchParts["state"][] = ["active", "draft", "deleted"];

/** Writes an excerpt entry by entry, in log order. */
export class ExcerptWriter {
  readonly #out: ByteWriter;
  #entries = 0;

  /** `capacity`: about how many bytes it may come to. */
  constructor(capacity: number) {
    this.#out = new ByteWriter(capacity);
  }

  /** A revision that was just evaluated. */
  revision(lsn: Lsn, { object, type, parents }: Revision, result: Evaluated | null): void {
    this.#begin(lsn, object, parents.length === 0);
    if (parents.length > 0 || result === null) return;
    if (result.read === undefined) this.#parts(type, searchParts(result.content));
    else this.#read(type, result.read);
  }

  #parts(type: string, parts: SearchParts): void {
    this.#head(type, parts);
    this.#out.text(parts.text);
    for (const ids of [parts.tags, parts.groups]) {
      this.#out.number(ids.length);
      for (const id of ids) this.#out.text(id);
    }
  }

  #read(type: string, { tape, parts }: ReadContent): void {
    this.#head(type, parts);
    this.#out.lines(tape, parts.pieces);
    for (const keys of [parts.tags, parts.groups]) {
      this.#out.number(keys.length);
      for (const key of keys) this.#out.lines(tape, [key]);
    }
  }

  /** A purge: its object is another one now, namely none. */
  purge(lsn: Lsn, object: ObjectId): void {
    this.#begin(lsn, object, false);
  }

  #begin(lsn: Lsn, object: ObjectId, isCreation: boolean): void {
    this.#entries += 1;
    this.#out.number(lsn);
    this.#out.text(object);
    this.#out.number(isCreation ? 1 : 0);
  }

  #head(
    type: string,
    { name, title, state, owner }: Pick<SearchParts, "name" | "title" | "state" | "owner">,
  ): void {
    this.#out.text(type);
    this.#out.text(name);
    this.#out.text(title);
    this.#out.number(STATES.indexOf(state));
    this.#out.text(owner ?? "");
  }

  /** The excerpt of the entries up to `to`; undefined when there are none. */
  end(to: Lsn): Excerpt | undefined {
    if (this.#entries === 0) return undefined;
    return { after: to - this.#entries, to, bytes: this.#out.end() };
  }
}

export function readExcerpt({ bytes }: Excerpt): FollowedEntry[] {
  const from = new ByteReader(bytes);
  const entries: FollowedEntry[] = [];
  while (!from.isAtEnd) {
    const lsn = from.number();
    const object = from.text() as ObjectId;
    entries.push({ lsn, object, created: from.number() === 1 ? readCreated(from) : null });
  }
  return entries;
}

function readCreated(from: ByteReader): FollowedEntry["created"] {
  const [type, name, title] = [from.text(), from.text(), from.text()];
  const state = STATES[from.number()] as SearchParts["state"];
  const owner = from.text() || null;
  const text = from.text();
  const [tags, groups] = [readTexts(from), readTexts(from)];
  return { type, parts: { name, title, state, owner, text, tags, groups } };
}

function readTexts(from: ByteReader): string[] {
  return Array.from({ length: from.number() }, () => from.text());
}
