import { canonicalize } from "../base/canonical.ts";
import { nextChain } from "../base/hash.ts";
import { type ChangesetId, type ObjectId, type RevisionId, uuidBytes } from "../base/ids.ts";
import { bodyHashOf, type Content } from "../model/content.ts";
import { contentTextOfCreation } from "../model/creation.ts";
import { applyWrites } from "../model/patch.ts";
import type { ParsedChangeset, ParsedRevision, Revision } from "../model/record.ts";
import { DraftObject, RecentContent, type ServedContent } from "./draft-object.ts";
import type { Head, KnownRevision, LogHead, LogReader } from "./reader.ts";
import { contentAtRevision, type KnownAt } from "./replay.ts";
import { parseStoredRevision, textOf } from "./stored-json.ts";
import { type LogEntry, type ObjectWrite, SNAPSHOT_GENERATIONS } from "./writes.ts";

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
  /** Contents at drafted heads beside the served ones: a long line of work is not replayed. */
  readonly #beside = new Map<RevisionId, Content>();
  readonly #recent = new RecentContent();
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
    const object = DraftObject.stored(state, this.#recent);
    this.#objects.set(id, object);
    return object;
  }

  revision(id: RevisionId): KnownRevision | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return this.#reader.knownRevision(id);
    const { lsn, generation, hash, envelope } = entry;
    return { id, object: envelope.object, lsn, hlc: envelope.hlc, generation, hash };
  }

  /** The content at a revision of this object, stored or drafted. */
  contentAt(object: DraftObject, id: RevisionId): Content {
    return contentAtRevision(id, (at) => this.#knownAt(object, at));
  }

  #knownAt(object: DraftObject, id: RevisionId): KnownAt {
    if (object.served.id === id) return { content: object.content };
    const content = this.#beside.get(id);
    if (content !== undefined) return { content };
    const entry = this.#entries.get(id);
    if (entry === undefined) return { content: this.#reader.contentAt(id) };
    if (entry.snapshot !== null) return { content: JSON.parse(entry.snapshot) as Content };
    return { record: parseStoredRevision(textOf(entry.bytes), `rev lsn=${entry.lsn}`) };
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    return this.#changesets.get(id)?.hash ?? this.#reader.changesetHash(id);
  }

  addChangeset(changeset: ParsedChangeset): void {
    this.#changesets.set(changeset.record.id, changeset);
  }

  /** Appends a checked revision, with its bytes, and moves its object's heads. */
  append(
    revision: ParsedRevision,
    bytes: Uint8Array,
    generation: number,
    result: ServedContent,
  ): void {
    const { record, hash } = revision;
    const { id, object, actor, seq, hlc, changeset } = record;
    const lsn = this.#head.lsn + 1;
    const chain = nextChain(this.#head.chain, uuidBytes(id), hash);
    const snapshot = generation % SNAPSHOT_GENERATIONS === 0 ? result.text : null;
    const envelope = { id, object, actor, seq, hlc, changeset };
    this.#head = { lsn, chain };
    this.#entries.set(id, { lsn, envelope, hash, bytes, generation, chain, snapshot });
    for (const parent of record.parents) this.#beside.delete(parent);
    this.#advance(record, bytes, { id, lsn }, result);
    this.#touched.add(object);
  }

  #advance(record: Revision, bytes: Uint8Array, head: Head, result: ServedContent): void {
    const creation = record.parents.length === 0 ? bytes : null;
    const known = this.object(record.object);
    if (known === undefined) {
      const { object: id, type } = record;
      const created = DraftObject.created({ id, type }, head, result, creation, this.#recent);
      this.#objects.set(id, created);
      return;
    }
    known.heads = [...known.heads.filter(({ id }) => !record.parents.includes(id)), head];
    // Concurrent edits are not merged here: readers keep the line of work they had.
    const servedStays = known.heads.some(({ id }) => id === known.served.id);
    if (servedStays) this.#beside.set(head.id, result.content);
    else known.serve(head, result, creation);
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
    const objects = [...this.#touched].map((id) => (this.#objects.get(id) as DraftObject).write());
    const entries = [...this.#entries.values()];
    return { changesets: [...this.#changesets.values()], entries, objects, head: this.#head };
  }
}

/** Evaluates a revision over its parent's content (undefined: a creation). */
export function evaluate(revision: ParsedRevision, base: Content | undefined): ServedContent {
  const { record, text } = revision;
  const content = applyWrites(base, record.patch);
  const own = base === undefined ? contentTextOfCreation(record, text) : undefined;
  const contentText = own ?? canonicalize(content);
  return { content, text: contentText, bodyHash: bodyHashOf(content, contentText) };
}
