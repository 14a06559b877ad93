import { canonicalize, compareCodeUnits } from "../../base/canonical.ts";
import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import type { ChangesetId, InstanceId, Lsn, ObjectId, RevisionId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { AuthorCommand, AuthorOutcome } from "../../log/author.ts";
import { THIS_EDITION } from "../../log/edition.ts";
import { type History, mergedText } from "../../log/merged-text.ts";
import { sealPolicyRecord } from "../../log/policy-record.ts";
import type { KnownRevision, LogHead, PolicyInForce } from "../../log/reader.ts";
import { textOf } from "../../log/stored-json.ts";
import { adapt } from "../adapt.ts";
import type { CommitListener } from "../commits.ts";
import {
  type Continuity,
  type EpochReason,
  type MetEpoch,
  type MetPeer,
  meetings,
} from "../continuity.ts";
import { leavingOf } from "../leaving.ts";
import type { PageLimits } from "../page-limits.ts";
import type { StorePorts } from "../plan-tables.ts";
import { PlanningStore } from "../planning-store.ts";
import type {
  ConflictFilter,
  ConflictRow,
  Cursor,
  EntryFilter,
  EntryRow,
  Identity,
  KnownRemoval,
  LinkRow,
  LogPage,
  ObjectFilter,
  ObjectRow,
  PeerName,
  PeerRow,
  QuarantineRow,
  RunRow,
  Settings,
  StoreCounts,
  VerifyReport,
} from "../rows.ts";
import type {
  ApplyBatch,
  ApplyOutcome,
  PolicyChange,
  PolicyOffer,
  PolicyOutcome,
  Store,
  StoreMethod,
} from "../store.ts";
import type { Stretch } from "../stretches.ts";
import { verifyLog } from "../verify-log.ts";
import { countAll, countOpen, digestOf } from "./memory-counts.ts";
import { positionIn, readPage } from "./memory-page.ts";
import { quarantineOf } from "./memory-quarantine.ts";
import { countRemovals, removalsAfter, wouldRemove } from "./memory-removals.ts";
import {
  isAskedFor,
  type MemoryEntry,
  type MemoryObject,
  matches,
  shownName,
} from "./memory-rows.ts";
import { MemoryTables } from "./memory-tables.ts";
import { verifySource } from "./verify-source.ts";

/** A method of the port as it is here: it answers at once. */
type Sync<Method extends StoreMethod> = (
  ...args: Parameters<Store[Method]>
) => Awaited<ReturnType<Store[Method]>>;

/** A store in memory: for the simulator, for tests, and for trying things out. Not durable. */
export class MemoryStore implements Store {
  readonly #tables: MemoryTables;
  readonly #planning: PlanningStore;

  /** `before`: takes over what another store holds, as a process does that starts again. */
  constructor(
    options: { readonly identity: Identity } & StorePorts,
    before?: MemoryStore | MemoryTables,
  ) {
    const { identity, edition = THIS_EDITION } = options;
    const taken = before instanceof MemoryStore ? before.#tables : before;
    this.#tables = taken ?? new MemoryTables(identity, options);
    this.#tables.edition = edition;
    this.#tables.scopes.forgetSeen();
    this.#planning = new PlanningStore(this.#tables, options);
    adapt(this.#tables, this);
  }

  /** What a copy of the file would be: the same content, from now on apart. */
  copy(options: { readonly identity?: Identity } & StorePorts): MemoryStore {
    const { identity = this.identity() } = options;
    return new MemoryStore({ ...options, identity }, this.#tables.copy(identity, options));
  }

  identity(): Identity {
    return this.#tables.identity();
  }

  settings(): Settings {
    return this.#tables.settings;
  }

  saveSettings(settings: Settings): void {
    this.#tables.settings = settings;
  }

  author(command: AuthorCommand): AuthorOutcome {
    return this.#planning.author(command);
  }

  apply(batch: ApplyBatch): ApplyOutcome {
    return this.#planning.apply(batch);
  }

  policies(): { readonly inForce: PolicyInForce; readonly records: readonly string[] } {
    const records = this.#tables.policyRecords();
    return { inForce: this.#tables.policy(), records: records.map(sealPolicyRecord) };
  }

  takePolicies(offer: PolicyOffer): PolicyOutcome {
    return this.#planning.takePolicies(offer);
  }

  changePolicy(change: PolicyChange): PolicyInForce {
    return this.#planning.changePolicy(change);
  }

  subscribe(listener: CommitListener): () => void {
    return this.#planning.subscribe(listener);
  }

  numbersOf(instance: InstanceId): ReadonlyMap<string, number> {
    return this.#tables.numbers.of(instance);
  }

  continuity(): Continuity {
    return this.#tables.continuity();
  }

  beginEpoch(reason: EpochReason): Identity {
    return this.#planning.beginEpoch(reason);
  }

  becomeNew(name: string | null): Identity {
    return this.#planning.becomeNew(name);
  }

  learnOwn(known: { readonly epoch: string; readonly seq: number }): boolean {
    return this.#planning.learnOwn(known);
  }

  met(peer: InstanceId): readonly MetEpoch[] {
    return this.#tables.epochs.get(peer) ?? [];
  }

  meet(peer: MetPeer): void {
    for (const [one, epochs] of meetings(peer, (known) => this.met(known))) {
      this.#tables.epochs.set(one, epochs);
    }
  }

  noteRecovery(note: Parameters<Store["noteRecovery"]>[0]): void {
    this.#planning.noteRecovery(note);
  }

  head(): LogHead {
    return this.#tables.head();
  }

  chainAt(lsn: Lsn): Uint8Array | undefined {
    return lsn === 0 ? CHAIN_START : this.#tables.entryAt(lsn)?.chain;
  }

  readPage(after: Lsn, limits: PageLimits): LogPage | undefined {
    return readPage(this.#tables, after, limits);
  }

  #changesetText(id: ChangesetId | null): Buffer {
    return Buffer.from((id !== null && this.#tables.changesets.get(id)?.text) || "");
  }

  readonly evaluateScope: Sync<"evaluateScope"> = (scope) => this.#planning.evaluateScope(scope);

  readonly leftScope: Sync<"leftScope"> = (change) => this.#tables.scopes.left(change);

  readonly readEntered: Sync<"readEntered"> = (...which) =>
    this.#tables.scopes.readEntered(...which);

  readonly noteLeft: Sync<"noteLeft"> = (note) => this.#planning.noteLeft(note);

  hasDropped(): boolean {
    return [...this.#tables.gone.values()].some(({ how }) => how === "dropped");
  }

  readonly departures: Sync<"departures"> = (which) =>
    this.#tables.scopes.departures(which?.object);

  readonly leaving: Sync<"leaving"> = (where) => leavingOf(this.#tables.leaving, where);

  readonly dropLeft: PlanningStore["dropLeft"] = (where) => this.#planning.dropLeft(where);

  entries(filter: EntryFilter): readonly EntryRow[] {
    const { after = 0, before = Number.POSITIVE_INFINITY, object, limit } = filter;
    const rows = this.#tables.log.filter(
      ({ lsn, envelope, bytes }) =>
        lsn > after &&
        lsn < before &&
        bytes.length > 0 &&
        (object === undefined || envelope.object === object),
    );
    if (filter.reverse === true) rows.reverse();
    return rows.slice(0, Math.min(limit, PAGE_ITEMS_MAX)).map((entry) => this.#entryRow(entry));
  }

  entry(id: RevisionId): EntryRow | undefined {
    const entry = this.#tables.entryOf(id);
    return entry === undefined || entry.bytes.length === 0 ? undefined : this.#entryRow(entry);
  }

  #entryRow({ lsn, kind, envelope, bytes, source, ...entry }: MemoryEntry): EntryRow {
    const { id, object } = envelope;
    const hash = Buffer.from(entry.hash).toString("hex");
    const changeset = kind === "purge" ? null : this.#changesetText(envelope.changeset).toString();
    const shown = kind === "purge" ? kind : "revision";
    return { lsn, kind: shown, id, object, text: textOf(bytes), hash, changeset, source };
  }

  contentTextAt(id: RevisionId): string {
    return canonicalize(this.#tables.contentAt(id));
  }

  mergedTextAt(revisions: readonly RevisionId[]): string {
    const tables = this.#tables;
    const history: History = {
      revision: (id) => tables.revisionRecord(id),
      generation: (id) => (tables.knownRevision(id) as KnownRevision).generation,
      content: (id) => tables.contentAt(id),
    };
    return mergedText(history, tables.edition, revisions, tables.policy().policy);
  }

  readonly positionOf: Sync<"positionOf"> = (since) => positionIn(this.#tables, since);

  object(id: ObjectId): ObjectRow | undefined {
    const object = this.#tables.objects.get(id);
    return object === undefined ? undefined : this.#objectRow(object);
  }

  objects(filter: ObjectFilter): readonly ObjectRow[] {
    return [...this.#tables.objects.values()]
      .filter((object) => matches(object, filter))
      .sort((a, b) => compareCodeUnits(a.id, b.id))
      .slice(0, filter.limit)
      .map((object) => this.#objectRow(object));
  }

  #objectRow(object: MemoryObject): ObjectRow {
    const { id, type, name, deleted, parked, revision, bodyHash, changed: lsn } = object;
    const canonical = object.canonical ?? id;
    const effectiveName = shownName(object);
    const heads = object.heads.map((head) => head.id).sort(compareCodeUnits);
    const text = this.#tables.textOf(object);
    const names = { name, effectiveName, canonical };
    return { id, type, ...names, deleted, parked, heads, revision, text, bodyHash, lsn };
  }

  conflict(id: string): ConflictRow | undefined {
    return this.#conflictRows().find((row) => row.id === id);
  }

  conflicts(filter: ConflictFilter): readonly ConflictRow[] {
    const rows = this.#conflictRows().filter((row) => isAskedFor(row, filter));
    return rows.slice(0, Math.min(filter.limit, PAGE_ITEMS_MAX));
  }

  #conflictRows(): ConflictRow[] {
    const rows: ConflictRow[] = [];
    for (const [id, records] of this.#tables.conflicts) {
      const { type } = this.#tables.objects.get(id) as MemoryObject;
      rows.push(...records.map((record) => ({ ...record, type })));
    }
    return rows.sort((a, b) => compareCodeUnits(a.id, b.id));
  }

  openConflicts(): number {
    return countOpen(this.#tables);
  }

  counts(): StoreCounts {
    return countAll(this.#tables);
  }

  liveObjects(): number {
    return [...this.#tables.objects.values()].filter(({ deleted }) => !deleted).length;
  }

  readonly countRemovals: Sync<"countRemovals"> = (...which) =>
    countRemovals(this.#tables, ...which);

  readonly removals: Sync<"removals"> = (after, limit, within) =>
    removalsAfter(this.#tables, after, within).slice(0, limit);

  wouldRemove(removals: readonly KnownRemoval[]): number {
    return removals.filter((removal) => wouldRemove(this.#tables, removal)).length;
  }

  purges(after: Lsn): readonly string[] {
    const purges = this.#tables.log.slice(after).filter(({ kind }) => kind === "purge");
    return purges.map(({ bytes }) => textOf(bytes));
  }

  digest(): string {
    return digestOf(this.#tables);
  }

  peers(): readonly PeerRow[] {
    return this.#tables.peers.all();
  }

  peer(id: InstanceId): PeerRow | undefined {
    return this.#tables.peers.get(id);
  }

  learnNames(names: readonly PeerName[]): void {
    this.#tables.peers.learn(names);
  }

  cursor(peer: InstanceId, scope: string): Cursor | undefined {
    return this.#tables.leaving.cursor(peer, scope);
  }

  links(): readonly LinkRow[] {
    return [...this.#tables.links.values()].sort((a, b) => compareCodeUnits(a.name, b.name));
  }

  saveLink(link: LinkRow): void {
    this.#tables.links.set(link.name, link);
  }

  removeLink(name: string): void {
    if (!this.#tables.links.delete(name)) {
      throw new SynclineError("LINK_NOT_FOUND", `no link named ${name}`);
    }
  }

  saveRun(run: RunRow): void {
    const { runs } = this.#tables;
    const at = runs.findIndex(({ id }) => id === run.id);
    if (at === -1) runs.push(run);
    else runs[at] = run;
  }

  runs(filter: { readonly link?: string; readonly limit: number }): readonly RunRow[] {
    return this.#tables.runs
      .filter(({ link }) => filter.link === undefined || link === filter.link)
      .reverse()
      .slice(0, filter.limit);
  }

  objectsReceived(peer: InstanceId, within: readonly Stretch[]): number {
    const received = within
      .flatMap(([after, to]) => this.#tables.log.slice(after, to))
      .filter(({ source }) => source === peer);
    return new Set(received.map(({ envelope }) => envelope.object)).size;
  }

  quarantine(): readonly QuarantineRow[] {
    return quarantineOf(this.#tables);
  }

  retryQuarantined(keys: readonly string[]): ApplyOutcome {
    return this.#planning.retryQuarantined(keys);
  }

  dropQuarantined(keys: readonly string[]): number {
    return this.#planning.dropQuarantined(keys);
  }

  verify(): VerifyReport {
    return verifyLog(verifySource(this.#tables, (object) => this.#objectRow(object)));
  }

  backup(): never {
    throw new SynclineError("USAGE", "a memory store has no file to back up");
  }

  close(): void {}
}
