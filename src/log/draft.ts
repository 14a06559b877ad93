import { canonicalize } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { nextChain } from "../base/hash.ts";
import { type ChangesetId, type ObjectId, type RevisionId, uuidBytes } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import { bodyHashOf, type Content } from "../model/content.ts";
import { contentTextOfCreation } from "../model/creation.ts";
import { applyWrites } from "../model/patch.ts";
import { DELETED_KEY, type ParsedChangeset, type ParsedRevision } from "../model/record.ts";
import type { Head, KnownRevision, LogHead, LogReader, ObjectState } from "./reader.ts";
import type { LogEntry, ObjectWrite } from "./writes.ts";

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
    if (object.served.id === id) return object.content;
    const entry = this.#entries.get(id);
    if (entry === undefined) return this.#reader.contentAt(id);
    const { parents, patch } = entry.revision.record;
    const parent = parents[0];
    return applyWrites(parent === undefined ? undefined : this.contentAt(object, parent), patch);
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    return this.#changesets.get(id)?.hash ?? this.#reader.changesetHash(id);
  }

  /** True when the changeset is new in this draft. */
  draftedChangeset(id: ChangesetId): boolean {
    return this.#changesets.has(id);
  }

  addChangeset(changeset: ParsedChangeset): void {
    this.#changesets.set(changeset.record.id, changeset);
  }

  /** Appends a checked revision and moves its object's heads. Returns the object. */
  append(revision: ParsedRevision, generation: number, result: Evaluated): DraftObject {
    const { record, hash } = revision;
    const lsn = this.#head.lsn + 1;
    const chain = nextChain(this.#head.chain, uuidBytes(record.id), hash);
    this.#head = { lsn, chain };
    this.#entries.set(record.id, { lsn, revision, generation, chain });
    const object = this.#advance(revision, { id: record.id, lsn }, result);
    this.#touched.add(record.object);
    return object;
  }

  #advance(revision: ParsedRevision, head: Head, result: Evaluated): DraftObject {
    const { record } = revision;
    const inRecord = record.parents.length === 0;
    const known = this.object(record.object);
    if (known === undefined) {
      const { object: id, type } = record;
      const created = { id, type, isNew: true, heads: [head], served: head, ...result, inRecord };
      this.#objects.set(id, created);
      return created;
    }
    known.heads = [...known.heads.filter(({ id }) => !record.parents.includes(id)), head];
    // Concurrent edits are not merged here: readers keep the line of work they had.
    const servedGone = !known.heads.some(({ id }) => id === known.served.id);
    if (servedGone) Object.assign(known, { served: head, ...result, inRecord });
    return known;
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
      content ??= JSON.parse(text) as JsonObject;
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
