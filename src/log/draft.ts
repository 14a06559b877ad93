import { canonicalize } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { nextChain } from "../base/hash.ts";
import { type ChangesetId, type ObjectId, type RevisionId, uuidBytes } from "../base/ids.ts";
import { bodyHashOf, type Content } from "../model/content.ts";
import { contentTextOfCreation } from "../model/creation.ts";
import { applyWrites } from "../model/patch.ts";
import { DELETED_KEY, type ParsedChangeset, type ParsedRevision } from "../model/record.ts";
import type { Head, KnownRevision, LogHead, LogReader, ObjectState } from "./reader.ts";
import { contentAtRevision, type KnownAt } from "./replay.ts";
import { parseStored } from "./stored-json.ts";
import { type LogEntry, type ObjectWrite, SNAPSHOT_GENERATIONS } from "./writes.ts";

/** An object while a transaction is planned: its stored state plus what the plan adds. */
export interface DraftObject {
  readonly id: ObjectId;
  readonly type: string;
  readonly isNew: boolean;
  heads: readonly Head[];
  served: Head;
  content: Content;
  /** Canonical text of `content`. */
  text: string;
  bodyHash: string;
  /** True while the served record is a creation, which holds the content itself. */
  inRecord: boolean;
}

/** A revision's content as computed, ready to be appended. */
export interface Evaluated {
  readonly content: Content;
  readonly text: string;
  readonly bodyHash: string;
}

/**
 * The log and state as they will be once the plan is committed: reads through to the store, and
 * keeps everything new. Several changes of one object are folded and written once.
 */
export class LogDraft {
  readonly #reader: LogReader;
  readonly #objects = new Map<ObjectId, DraftObject>();
  /** Objects that the store was asked for in vain. */
  readonly #absent = new Set<ObjectId>();
  readonly #touched = new Set<ObjectId>();
  readonly #entries = new Map<RevisionId, LogEntry>();
  readonly #changesets = new Map<ChangesetId, ParsedChangeset>();
  /** Contents at drafted heads, so that a long line of work beside the served one is not replayed. */
  readonly #contents = new Map<RevisionId, Content>();
  #head: LogHead;

  constructor(reader: LogReader) {
    this.#reader = reader;
    this.#head = reader.head();
  }

  object(id: ObjectId): DraftObject | undefined {
    const drafted = this.#objects.get(id);
    if (drafted !== undefined || this.#absent.has(id)) return drafted;
    const state = this.#reader.objectState(id);
    if (state === undefined) {
      this.#absent.add(id);
      return undefined;
    }
    const object = draftOf(state);
    this.#objects.set(id, object);
    return object;
  }

  revision(id: RevisionId): KnownRevision | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return this.#reader.knownRevision(id);
    const { record, hash } = entry.revision;
    const { lsn, generation } = entry;
    return { id, object: record.object, lsn, hlc: record.hlc, generation, hash };
  }

  /** The content at a revision of this object, stored or drafted. */
  contentAt(object: DraftObject, id: RevisionId): Content {
    return contentAtRevision(id, (at) => this.#knownAt(object, at));
  }

  #knownAt({ served, content }: DraftObject, id: RevisionId): KnownAt {
    const known = served.id === id ? content : this.#contents.get(id);
    if (known !== undefined) return { content: known };
    const entry = this.#entries.get(id);
    if (entry === undefined) return { content: this.#reader.contentAt(id) };
    if (entry.snapshot === null) return entry.revision;
    return { content: JSON.parse(entry.snapshot) as Content };
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    return this.#changesets.get(id)?.hash ?? this.#reader.changesetHash(id);
  }

  addChangeset(changeset: ParsedChangeset): void {
    this.#changesets.set(changeset.record.id, changeset);
  }

  /** Appends a checked revision, with its bytes, and moves its object's heads. */
  append(revision: ParsedRevision, bytes: Uint8Array, generation: number, result: Evaluated): void {
    const { record, hash } = revision;
    const lsn = this.#head.lsn + 1;
    const chain = nextChain(this.#head.chain, uuidBytes(record.id), hash);
    const snapshot = generation % SNAPSHOT_GENERATIONS === 0 ? result.text : null;
    this.#head = { lsn, chain };
    this.#entries.set(record.id, { lsn, revision, bytes, generation, chain, snapshot });
    this.#advance(revision, { id: record.id, lsn }, result);
    this.#touched.add(record.object);
    this.#contents.set(record.id, result.content);
    for (const parent of record.parents) this.#contents.delete(parent);
  }

  #advance(revision: ParsedRevision, head: Head, result: Evaluated): void {
    const { record } = revision;
    const inRecord = record.parents.length === 0;
    const known = this.object(record.object);
    if (known === undefined) {
      const { object: id, type } = record;
      const created = { id, type, isNew: true, heads: [head], served: head, ...result, inRecord };
      this.#objects.set(id, created);
      return;
    }
    known.heads = [...known.heads.filter(({ id }) => !record.parents.includes(id)), head];
    // Concurrent edits are not merged here: readers keep the line of work they had.
    const servedGone = !known.heads.some(({ id }) => id === known.served.id);
    if (servedGone) Object.assign(known, { served: head, ...result, inRecord });
  }

  get head(): LogHead {
    return this.#head;
  }

  /** What the draft adds, as far as log and state are concerned. */
  writes(): {
    readonly changesets: readonly ParsedChangeset[];
    readonly entries: readonly LogEntry[];
    readonly objects: readonly ObjectWrite[];
    readonly head: LogHead;
  } {
    const objects = [...this.#touched].map((id) => objectWrite(this.#objects.get(id)));
    const entries = [...this.#entries.values()];
    return { changesets: [...this.#changesets.values()], entries, objects, head: this.#head };
  }
}

function draftOf(state: ObjectState): DraftObject {
  const { id, type, heads, served, text, bodyHash } = state;
  let content: Content | undefined;
  return {
    id,
    type,
    isNew: false,
    heads,
    served,
    get content() {
      content ??= parseStored<Content>(text, `obj ${id}`);
      return content;
    },
    set content(value) {
      content = value;
    },
    text,
    bodyHash,
    inRecord: false,
  };
}

function objectWrite(object: DraftObject | undefined): ObjectWrite {
  if (object === undefined) throw new SynclineError("INTERNAL", "a touched object is gone");
  const { id, type, isNew, heads, served, content, bodyHash } = object;
  const name = typeof content.name === "string" ? content.name : null;
  const body = object.inRecord ? null : object.text;
  const deleted = content[DELETED_KEY] === true;
  return { id, type, isNew, heads, served, body, bodyHash, name, deleted };
}

/** Evaluates a revision over its parent's content (undefined: a creation). */
export function evaluate(revision: ParsedRevision, base: Content | undefined): Evaluated {
  const { record, text } = revision;
  const content = applyWrites(base, record.patch);
  const own = base === undefined ? contentTextOfCreation(record, text) : undefined;
  const contentText = own ?? canonicalize(content);
  return { content, text: contentText, bodyHash: bodyHashOf(content, contentText) };
}
