import { nextChain, sha256 } from "../base/hash.ts";
import {
  type ActorId,
  type ChangesetId,
  type Lsn,
  type ObjectId,
  type RevisionId,
  uuidBytes,
} from "../base/ids.ts";
import { checkOrigins } from "../merge/check-origins.ts";
import type { Graph } from "../merge/graph.ts";
import { pinsOver } from "../merge/pins.ts";
import type { Content } from "../model/content.ts";
import type {
  ParsedChangeset,
  ParsedPurge,
  ParsedRevision,
  Pin,
  Revision,
  Write,
} from "../model/record.ts";
import { DraftConflicts } from "./draft-conflicts.ts";
import { type DraftCounts, removalsAmong } from "./draft-counts.ts";
import { DraftObject, RecentContent } from "./draft-object.ts";
import { type Edition, knows } from "./edition.ts";
import { type Evaluated, evaluate, snapshotOf } from "./evaluate.ts";
import { revisionMissing } from "./faults.ts";
import type { MetConflicts } from "./met-conflicts.ts";
import { NAME, nameWriterOf } from "./name-writer.ts";
import type { Head, KnownRevision, LogHead, LogReader, PolicyInForce } from "./reader.ts";
import { contentAtRevision, type KnownAt, knownFrom } from "./replay.ts";
import { settle } from "./settle.ts";
import { renameAll, settleNames } from "./settle-names.ts";
import { parseStoredRevision, textOf } from "./stored-json.ts";
import {
  type Envelope,
  type Gone,
  type LogEntry,
  type LogWrites,
  type NamingWrite,
  type ProvenWrite,
  type Stub,
  UNPROVEN,
} from "./writes.ts";

/**
 * The log and state as they will be once the plan is committed: reads through to the store, and
 * keeps everything new. Several changes of one object are folded and written once.
 */
export class LogDraft {
  readonly #reader: LogReader;
  readonly #objects = new Map<ObjectId, DraftObject>();
  /** Objects that the store was asked for in vain. */
  readonly #absent = new Set<ObjectId>();
  /** The objects that the plan changes, with the revisions it adds to them. */
  readonly #added = new Map<ObjectId, RevisionId[]>();
  /** Objects whose lines of work a revision of this plan joins. */
  readonly #joined = new Set<ObjectId>();
  readonly #gone = new Map<ObjectId, Gone>();
  readonly #entries = new Map<RevisionId, LogEntry>();
  readonly #changesets = new Map<ChangesetId, ParsedChangeset>();
  /** Contents at drafted heads of objects that show another one: a long line is not replayed. */
  readonly #beside = new Map<RevisionId, KnownAt>();
  readonly #recent = new RecentContent();
  readonly #conflicts: DraftConflicts;
  readonly #proven: ProvenWrite[] = [];
  #namings: readonly NamingWrite[] = [];
  #merged = 0;
  /** Live objects that are gone for good. */
  #removed = 0;
  #policy: PolicyInForce | undefined;
  #head: LogHead;

  /** `policy` is another one than is stored while that is about to change. */
  constructor(reader: LogReader, policy?: PolicyInForce) {
    this.#reader = reader;
    this.#conflicts = new DraftConflicts(reader);
    this.#policy = policy;
    this.#head = reader.head();
  }

  get edition(): Edition {
    return this.#reader.edition;
  }

  object(id: ObjectId): DraftObject | undefined {
    const drafted = this.#objects.get(id);
    if (drafted !== undefined || this.#absent.has(id) || this.#gone.has(id)) return drafted;
    const state = this.#reader.objectState(id);
    if (state === undefined) {
      this.#absent.add(id);
      return undefined;
    }
    const object = DraftObject.stored(state, this.#recent);
    this.#objects.set(id, object);
    return object;
  }

  /** True for an object that this plan changes. */
  isChanged(id: ObjectId): boolean {
    return this.#added.has(id);
  }

  /** True for an object that nothing may bring back. */
  isGone(id: ObjectId): boolean {
    return this.goneHow(id) !== undefined;
  }

  goneHow(id: ObjectId): Gone["how"] | undefined {
    return this.#gone.get(id)?.how ?? this.#reader.goneHow(id);
  }

  revision(id: RevisionId): KnownRevision | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return this.#reader.knownRevision(id);
    const { lsn, generation, hash, envelope } = entry;
    return { id, object: envelope.object, lsn, hlc: envelope.hlc, generation, hash };
  }

  /** The policy that chooses among conflicting edits. */
  get policy(): PolicyInForce {
    this.#policy ??= this.#reader.policy();
    return this.#policy;
  }

  /** The content at a revision of this object, stored or drafted. */
  contentAt(object: DraftObject | undefined, id: RevisionId): Content {
    return contentAtRevision(id, (at) => this.#knownAt(object, at));
  }

  #knownAt(object: DraftObject | undefined, id: RevisionId): KnownAt {
    const known = this.#beside.get(id);
    if (known !== undefined) return known;
    if (object?.revision === id) return { content: object.content };
    const entry = this.#entries.get(id);
    if (entry === undefined) return { content: this.#reader.contentAt(id) };
    if (entry.snapshot !== null) return knownFrom(entry.snapshot, `rev lsn=${entry.lsn}`);
    return { record: recordOf(entry) };
  }

  /** An object's history as merging asks for it; `known` are revisions that are in hand. */
  graphOf(object: DraftObject | undefined, known: readonly Revision[] = []): Graph {
    const records = new Map(known.map((record) => [record.id, record]));
    const generations = new Map<RevisionId, number>();
    return {
      revision: (id) => {
        const loaded = records.get(id);
        if (loaded !== undefined) return loaded;
        const record = this.record(id);
        records.set(id, record);
        return record;
      },
      generation: (id) => {
        const generation = generations.get(id) ?? this.revision(id)?.generation;
        if (generation === undefined) throw revisionMissing(id);
        generations.set(id, generation);
        return generation;
      },
      content: (id) => this.contentAt(object, id),
      algorithms: this.edition.algorithms,
    };
  }

  /** A revision's record, stored or drafted. */
  record(id: RevisionId): Revision {
    const entry = this.#entries.get(id);
    return entry === undefined ? this.#reader.revisionRecord(id) : recordOf(entry);
  }

  /** All revisions of an object in log order. */
  revisionsOf({ id, isNew }: Pick<DraftObject, "id" | "isNew">): readonly Revision[] {
    const stored = isNew ? [] : this.#reader.revisionsOf(id);
    return [...stored, ...this.addedTo(id)];
  }

  get met(): MetConflicts {
    return this.#reader.met;
  }

  /** The revisions that this plan adds to an object, in log order. */
  addedTo(id: ObjectId): readonly Revision[] {
    const added = this.#added.get(id) ?? [];
    return added.map((one) => recordOf(this.#entries.get(one) as LogEntry));
  }

  /** Throws `INVALID_PIN` for a pin that names no ancestor that writes its path. */
  checkPins(record: Revision): void {
    checkOrigins(this.graphOf(this.object(record.object)), record);
  }

  /** What a revision over the object's present state has to pin, beside its patch. */
  pinsFor(object: DraftObject, patch: readonly Write[]): Pin[] {
    const { policy } = this.policy;
    return pinsOver(this.graphOf(object), object.frontier, policy, patch);
  }

  readonly conflictsOf: DraftConflicts["of"] = (object, path) => this.#conflicts.of(object, path);

  /** Who made a revision, and when. */
  authorshipOf(id: RevisionId): { readonly actor: ActorId; readonly hlc: number } {
    return this.#entries.get(id)?.envelope ?? this.#reader.revisionRecord(id);
  }

  /** The earliest of the edits that wrote the name at the object's revision; null without one. */
  nameWriterOf(object: DraftObject, graph: Graph = this.graphOf(object)): RevisionId | null {
    const { frontier, revision, parked, content } = object;
    const named = { frontier, revision, parked, name: content.name };
    return nameWriterOf(graph, this.edition, named);
  }

  /**
   * What a revision that is not here yet says, over the history that is. Throws `OBJECT_PARKED` where
   * that is not known of all its parents.
   */
  evaluate(revision: ParsedRevision): Evaluated {
    const { object: id, parents } = revision.record;
    const object = this.object(id);
    if (object?.parked) for (const parent of parents) this.contentAt(object, parent);
    const [parent] = parents;
    const base = parent === undefined ? undefined : this.contentAt(object, parent);
    return evaluate(revision, base, () => this.graphOf(object));
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    return this.#changesets.get(id)?.hash ?? this.#reader.changesetHash(id);
  }

  addChangeset(changeset: ParsedChangeset): void {
    this.#changesets.set(changeset.record.id, changeset);
  }

  /** Appends a checked revision and moves its object's heads; null: what it says is not known. */
  append(
    revision: ParsedRevision,
    bytes: Uint8Array,
    generation: number,
    result: Evaluated | null,
    waited = false,
  ): void {
    const { record, hash } = revision;
    const { id, object, actor, seq, hlc, changeset } = record;
    const snapshot = result === null ? UNPROVEN : snapshotOf(result, generation);
    const envelope = { id, object, actor, seq, hlc, changeset };
    const entry = { kind: "revision", hash, bytes, generation, snapshot } as const;
    const lsn = this.#add(envelope, waited ? { ...entry, waited } : entry);
    for (const parent of record.parents) this.#beside.delete(parent);
    this.#advance(record, bytes, { id, lsn }, result);
    const added = this.#added.get(object);
    if (added === undefined) this.#added.set(object, [id]);
    else added.push(id);
    if (record.parents.length > 1) this.#joined.add(object);
  }

  /** Appends a purge and removes its object; of an unknown object too, to keep it from coming. */
  purge({ record, hash }: ParsedPurge, bytes: Uint8Array): void {
    const { id, object, actor, seq, hlc } = record;
    const envelope = { id, object, actor, seq, hlc, changeset: null };
    const lsn = this.#add(envelope, { kind: "purge", hash, bytes, generation: 0, snapshot: null });
    this.#remove({ id: object, lsn, how: "purged" });
  }

  /** Removes an object here and tells nobody; the log just gains a stub, for who follows it. */
  leave(how: "shunned" | "dropped", stub: Stub): void {
    const kind = how === "dropped" ? how : "revision";
    this.#remove({ id: stub.object, lsn: this.appendStub(kind, stub), how });
  }

  /** Appends a stub, from which who follows the log learns that it went on. */
  appendStub(kind: "revision" | "dropped", { id, object, actor, hlc }: Stub): Lsn {
    const envelope = { id, object, actor, seq: 0, hlc, changeset: null };
    const hash = sha256(id);
    return this.#add(envelope, { kind, hash, bytes: NOTHING, generation: 0, snapshot: null });
  }

  #add(envelope: Envelope, entry: Omit<LogEntry, "lsn" | "envelope" | "chain">): Lsn {
    const lsn = this.#head.lsn + 1;
    const chain = nextChain(this.#head.chain, uuidBytes(envelope.id), entry.hash);
    this.#head = { lsn, chain };
    this.#entries.set(envelope.id, { lsn, envelope, chain, ...entry });
    return lsn;
  }

  #remove(gone: Gone): void {
    if (this.object(gone.id)?.wasLive) this.#removed += 1;
    for (const id of this.#added.get(gone.id) ?? []) {
      const entry = this.#entries.get(id) as LogEntry;
      this.#entries.set(id, { ...entry, bytes: NOTHING, snapshot: null });
      this.#beside.delete(id);
    }
    this.#added.delete(gone.id);
    this.#objects.delete(gone.id);
    this.#gone.set(gone.id, gone);
  }

  #advance(record: Revision, bytes: Uint8Array, head: Head, result: Evaluated | null): void {
    const creation = record.parents.length === 0 ? bytes : null;
    const isNewer = result === null || !knows(this.edition, record);
    const known = this.object(record.object);
    if (known === undefined) {
      const { object: id, type } = record;
      const [recent, shown] = [this.#recent, result as Evaluated];
      const created = DraftObject.created({ id, type }, head, shown, creation, recent);
      created.parked = isNewer;
      this.#objects.set(id, created);
      return;
    }
    known.heads = [...known.heads.filter(({ id }) => !record.parents.includes(id)), head];
    known.parked ||= isNewer;
    if (result === null) return;
    if (known.heads.length === 1 && !known.parked) {
      known.show(head.id, result, creation);
      if (!result.isPlain) known.nameWriter = this.nameWriterOf(known);
      else if (record.patch.some(({ path }) => path === NAME)) known.nameWriter = head.id;
    } else this.#beside.set(head.id, { content: result.content });
  }

  get head(): LogHead {
    return this.#head;
  }

  /** Brings what is derived from the log up to date: merges, conflicts and names. */
  settle(): void {
    for (const id of this.#added.keys()) {
      const object = this.#objects.get(id) as DraftObject;
      if (object.heads.length > 1 && !object.parked) this.#merged += 1;
      const records = settle(this, object, this.#joined.has(id));
      if (records !== null) this.#conflicts.record(object, records);
    }
    const changed = [...this.#added.keys()].map((id) => this.#objects.get(id) as DraftObject);
    const named = settleNames(this, this.#reader, changed, [...this.#gone.keys()]);
    this.#namings = named.namings;
    for (const { object, records } of named.conflicts) {
      const changed = this.#objects.get(object) ?? { id: object, contested: true };
      this.#conflicts.record(changed, records);
    }
  }

  /** What the plan makes of concurrent work, and how many objects it removes and brings back. */
  get counts(): DraftCounts {
    const changed = [...this.#added.keys()].map((id) => this.#objects.get(id) as DraftObject);
    const { removed, restored } = removalsAmong(changed);
    const merge = { merged: this.#merged, newConflicts: this.#conflicts.fresh };
    return { ...merge, removed: removed + this.#removed, restored };
  }

  /** Everything that is derived of a stored object is to be derived anew. */
  revisit(id: ObjectId): void {
    this.#added.set(id, []);
    this.#joined.add(id);
  }

  /** Takes note of what a stored revision says; null where that is not known any more. */
  judge(id: RevisionId, result: Evaluated | null): void {
    const { lsn, generation } = this.revision(id) as KnownRevision;
    this.#beside.set(id, result === null ? "unproven" : { content: result.content });
    const snapshot = result === null ? UNPROVEN : snapshotOf(result, generation);
    this.#proven.push({ lsn, snapshot });
  }

  /** Derives everything that depends on the policy anew. */
  resettle(): void {
    for (const id of this.#reader.unsettled()) {
      if (this.object(id) !== undefined) this.#added.set(id, []);
    }
    for (const id of this.#added.keys()) {
      const records = settle(this, this.#objects.get(id) as DraftObject, true);
      if (records !== null) this.#conflicts.replace(id, records);
    }
    const changed = [...this.#added.keys()].map((id) => this.#objects.get(id) as DraftObject);
    const named = renameAll(this, this.#reader, changed);
    this.#namings = named.namings;
    for (const { object, records } of named.conflicts) this.#conflicts.replace(object, records);
  }

  /** What the draft adds, as far as log and state are concerned. */
  writes(): Omit<LogWrites, "refused" | "released"> {
    const changed = [...this.#added.keys()];
    const objects = changed.map((id) => (this.#objects.get(id) as DraftObject).write());
    const entries = [...this.#entries.values()];
    const changesets = [...this.#changesets.values()];
    const derived = { objects, conflicts: this.#conflicts.writes(), namings: this.#namings };
    const gone = [...this.#gone.values()];
    const log = { changesets, entries, proven: this.#proven };
    return { ...log, ...derived, gone, policies: [], head: this.#head };
  }
}

const NOTHING = new Uint8Array(0);
function recordOf({ bytes, lsn }: LogEntry): Revision {
  return parseStoredRevision(textOf(bytes), `rev lsn=${lsn}`);
}
