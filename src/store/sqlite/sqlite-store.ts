import { canonicalize } from "../../base/canonical.ts";
import { asSynclineError, SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import type { InstanceId, Lsn, ObjectId, RevisionId } from "../../base/ids.ts";
import type { AuthorCommand, AuthorOutcome } from "../../log/author.ts";
import { type Edition, printVersions, THIS_EDITION } from "../../log/edition.ts";
import { mergedText } from "../../log/merged-text.ts";
import { inForce } from "../../log/policies.ts";
import { sealPolicyRecord } from "../../log/policy-record.ts";
import type { LogHead, PolicyInForce } from "../../log/reader.ts";
import { adapt } from "../adapt.ts";
import type { CommitListener } from "../commits.ts";
import type { Continuity, EpochReason, MetEpoch, MetPeer, RecoveryNote } from "../continuity.ts";
import { stateDigest } from "../digest.ts";
import { leavingOf } from "../leaving.ts";
import type { PageLimits } from "../page-limits.ts";
import type { StorePorts } from "../plan-tables.ts";
import { PlanningStore, readOnlyError } from "../planning-store.ts";
import type {
  Cursor,
  EntryFilter,
  EntryRow,
  Identity,
  KnownRemoval,
  LinkRow,
  LogChange,
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
import type { ApplyBatch, ApplyOutcome, PolicyChange, Store } from "../store.ts";
import { backupDatabase } from "./backup.ts";
import {
  createDatabase,
  type Db,
  guarded,
  openDatabase,
  prepared,
  transacted,
  translated,
} from "./database.ts";
import { readContinuity, readIdentity } from "./identity.ts";
import { readMet, writeMeeting } from "./met-table.ts";
import { readSettings, readVersions, sealMeta, writeSettings } from "./meta.ts";
import { learnNames, readPeer, readPeers } from "./peer-tables.ts";
import { countOpenConflicts, readConflict, readConflicts } from "./read-conflicts.ts";
import { leavingTables } from "./read-leaving.ts";
import { readPage } from "./read-page.ts";
import { countLive, countRemovals, countWouldRemove, readRemovals } from "./read-removals.ts";
import { hasDropped, readDepartures, readEntered, readLeft } from "./read-scope.ts";
import {
  historyIn,
  readContentAt,
  readHead,
  readNumbers,
  readPolicy,
  readPolicyRecords,
} from "./read-state.ts";
import { rederive } from "./rederive.ts";
import * as rows from "./sqlite-rows.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { verifyDatabase } from "./verify.ts";
import { dropLink, writeLink, writeRun } from "./write-links.ts";

/** A store in one SQLite file. Synchronous: it belongs in a thread of its own, or in a reader. */
export class SqliteStore implements Store {
  readonly file: string;
  readonly #db: Db;
  readonly #planning: PlanningStore | undefined;
  readonly #edition: Edition;

  private constructor(
    file: string,
    db: Db,
    { edition = THIS_EDITION }: StorePorts,
    planning: PlanningStore | undefined,
  ) {
    this.#edition = edition;
    this.file = file;
    this.#db = db;
    this.#planning = planning;
  }

  /** Makes a new file (`:memory:` for none) and opens it for writing. */
  static create(file: string, options: { readonly identity: Identity } & StorePorts): SqliteStore {
    const db = createDatabase(file, (fresh) => {
      const insert = prepared(fresh, "INSERT INTO meta (key, value) VALUES (?, ?)");
      for (const [key, value] of Object.entries(options.identity)) insert.run(key, value);
      sealMeta(fresh);
    });
    return SqliteStore.#writer(file, db, options);
  }

  /** Opens an existing file; the errors are those of `openDatabase`. */
  static open(
    file: string,
    options: { readonly mode: "read" | "write" } & StorePorts,
  ): SqliteStore {
    const db = openDatabase(file, options.mode, (old) => rederive(old, options));
    if (options.mode === "read") return new SqliteStore(file, db, options, undefined);
    return SqliteStore.#writer(file, db, options);
  }

  static #writer(file: string, db: Db, ports: StorePorts): SqliteStore {
    try {
      const tables = guarded(file, () => new SqliteTables(db, ports));
      const store = new SqliteStore(file, db, ports, new PlanningStore(tables, ports));
      guarded(file, () => adapt(tables, store));
      return store;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  #guarded<T>(work: (db: Db) => T): T {
    return guarded(this.file, () => work(this.#db));
  }

  /** Several statements over one state of the store, whatever others commit meanwhile. */
  #snapshot<T>(work: (db: Db) => T): T {
    return this.#guarded((db) => transacted(db, "deferred", () => work(db)));
  }

  #writing(): PlanningStore {
    if (this.#planning === undefined) throw readOnlyError();
    return this.#planning;
  }

  identity(): Identity {
    return this.#guarded(readIdentity);
  }

  settings(): Settings {
    return this.#guarded(readSettings);
  }

  saveSettings(settings: Settings): void {
    this.#writing();
    this.#snapshot((db) => writeSettings(db, settings));
  }

  author(command: AuthorCommand): AuthorOutcome {
    const planning = this.#writing();
    return this.#guarded(() => planning.author(command));
  }

  apply(batch: ApplyBatch): ApplyOutcome {
    const planning = this.#writing();
    return this.#guarded(() => planning.apply(batch));
  }

  policies(): { readonly inForce: PolicyInForce; readonly records: readonly string[] } {
    const records = this.#guarded(readPolicyRecords);
    return { inForce: inForce(records), records: records.map(sealPolicyRecord) };
  }

  readonly takePolicies: PlanningStore["takePolicies"] = (offer) =>
    this.#guarded(() => this.#writing().takePolicies(offer));

  changePolicy(change: PolicyChange): PolicyInForce {
    const planning = this.#writing();
    return this.#guarded(() => planning.changePolicy(change));
  }

  /** One that is open for reading makes no commits. */
  subscribe(listener: CommitListener): () => void {
    return this.#planning?.subscribe(listener) ?? (() => undefined);
  }

  numbersOf(instance: InstanceId): ReadonlyMap<string, number> {
    return this.#guarded((db) => readNumbers(db, instance));
  }

  continuity(): Continuity {
    return this.#guarded(readContinuity);
  }

  beginEpoch(reason: EpochReason): Identity {
    const planning = this.#writing();
    return this.#guarded(() => planning.beginEpoch(reason));
  }

  becomeNew(name: string | null): Identity {
    const planning = this.#writing();
    return this.#guarded(() => planning.becomeNew(name));
  }

  learnOwn(known: { readonly epoch: string; readonly seq: number }): boolean {
    const planning = this.#writing();
    return this.#guarded(() => planning.learnOwn(known));
  }

  met(peer: InstanceId): readonly MetEpoch[] {
    return this.#guarded((db) => readMet(db, peer));
  }

  meet(peer: MetPeer): void {
    this.#writing();
    this.#snapshot((db) => writeMeeting(db, peer));
  }

  noteRecovery(note: RecoveryNote): void {
    const planning = this.#writing();
    this.#guarded(() => planning.noteRecovery(note));
  }

  head(): LogHead {
    return this.#guarded(readHead);
  }

  chainAt(lsn: Lsn): Uint8Array | undefined {
    if (lsn === 0) return CHAIN_START;
    const find = "SELECT chain FROM rev WHERE lsn = ?";
    return this.#guarded((db) => prepared(db, find).pluck().get(lsn) as Buffer | undefined);
  }

  readPage(after: Lsn, limits: PageLimits): LogPage | undefined {
    return this.#snapshot((db) => readPage(db, after, limits));
  }

  readonly evaluateScope: Store["evaluateScope"] = (scope) =>
    this.#guarded(() => this.#writing().evaluateScope(scope));

  readonly leftScope: Store["leftScope"] = (change) => this.#guarded((db) => readLeft(db, change));

  readonly readEntered: Store["readEntered"] = (filter, limits) =>
    this.#snapshot((db) => readEntered(db, filter, limits));

  readonly noteLeft: Store["noteLeft"] = (it) => this.#guarded(() => this.#writing().noteLeft(it));

  readonly leaving: Store["leaving"] = (where) =>
    this.#snapshot((db) => leavingOf(leavingTables(db), where));

  readonly dropLeft: PlanningStore["dropLeft"] = (where) =>
    this.#guarded(() => this.#writing().dropLeft(where));

  readonly hasDropped: Store["hasDropped"] = () => this.#guarded(hasDropped);
  readonly departures: Store["departures"] = (which) =>
    this.#guarded((db) => readDepartures(db, which?.object));

  entries(filter: EntryFilter): readonly EntryRow[] {
    return this.#guarded((db) => rows.readEntries(db, filter));
  }

  /** For followers in this process's own threads; not part of the port. */
  changes(after: Lsn, limit: number): readonly LogChange[] {
    return this.#guarded((db) => rows.readChanges(db, after, limit));
  }

  /** For followers, as above. */
  policyHash(): string {
    return this.#guarded((db) => {
      const versions = printVersions(readVersions(db)) ?? "";
      return readPolicy(db).hash + versions;
    });
  }

  /** For followers, as above. */
  merged(): readonly ObjectId[] {
    return this.#guarded(rows.mergedIds);
  }

  /** For followers, as above. */
  derivedNames(): readonly { readonly id: ObjectId; readonly name: string }[] {
    return this.#guarded(rows.derivedNames);
  }

  entry(id: RevisionId): EntryRow | undefined {
    return this.#guarded((db) => rows.readEntry(db, id));
  }

  contentTextAt(id: RevisionId): string {
    return this.#snapshot((db) => canonicalize(readContentAt(db, id)));
  }

  mergedTextAt(revisions: readonly RevisionId[]): string {
    return this.#snapshot((db) =>
      mergedText(historyIn(db), this.#edition, revisions, readPolicy(db).policy),
    );
  }

  positionOf(since: { readonly id: string } | { readonly hlc: number }): Lsn | undefined {
    return this.#snapshot((db) => rows.readPosition(db, since));
  }

  object(id: ObjectId): ObjectRow | undefined {
    return this.#snapshot((db) => rows.readObject(db, id));
  }

  objects(filter: ObjectFilter): readonly ObjectRow[] {
    return this.#snapshot((db) => rows.readObjects(db, filter));
  }

  readonly conflict: Store["conflict"] = (id) => this.#guarded((db) => readConflict(db, id));

  readonly conflicts: Store["conflicts"] = (filter) =>
    this.#guarded((db) => readConflicts(db, filter));

  readonly openConflicts: Store["openConflicts"] = () => this.#guarded(countOpenConflicts);

  counts(): StoreCounts {
    return this.#snapshot(rows.readCounts);
  }

  digest(): string {
    return this.#snapshot((db) => stateDigest(rows.digestRows(db), rows.purgedIds(db)));
  }

  peers(): readonly PeerRow[] {
    return this.#guarded(readPeers);
  }

  peer(id: InstanceId): PeerRow | undefined {
    return this.#guarded((db) => readPeer(db, id));
  }

  learnNames(names: readonly PeerName[]): void {
    this.#writing();
    this.#snapshot((db) => learnNames(db, names));
  }

  cursor(peer: InstanceId, scope: string): Cursor | undefined {
    return this.#guarded((db) => rows.readCursor(db, peer, scope));
  }

  links(): readonly LinkRow[] {
    return this.#guarded(rows.readLinks);
  }

  saveLink(link: LinkRow): void {
    this.#writing();
    this.#guarded((db) => writeLink(db, link));
  }

  removeLink(name: string): void {
    this.#writing();
    this.#guarded((db) => dropLink(db, name));
  }

  saveRun(run: RunRow): void {
    this.#writing();
    this.#snapshot((db) => writeRun(db, run));
  }

  readonly runs: Store["runs"] = (filter) => this.#guarded((db) => rows.readRuns(db, filter));

  readonly liveObjects = (): number => this.#snapshot(countLive);

  readonly countRemovals: Store["countRemovals"] = (...which) =>
    this.#snapshot((db) => countRemovals(db, ...which));

  readonly removals: Store["removals"] = (...which) =>
    this.#snapshot((db) => readRemovals(db, ...which));

  wouldRemove(removals: readonly KnownRemoval[]): number {
    return this.#snapshot((db) => countWouldRemove(db, removals));
  }

  readonly purges: Store["purges"] = (after) => this.#guarded((db) => rows.readPurges(db, after));

  readonly objectsReceived: Store["objectsReceived"] = (...which) =>
    this.#snapshot((db) => rows.countObjectsReceived(db, ...which));

  readonly quarantine = (): readonly QuarantineRow[] => this.#guarded(rows.readQuarantine);

  retryQuarantined(keys: readonly string[]): ApplyOutcome {
    const planning = this.#writing();
    return this.#guarded(() => planning.retryQuarantined(keys));
  }

  dropQuarantined(keys: readonly string[]): number {
    const planning = this.#writing();
    return this.#guarded(() => planning.dropQuarantined(keys));
  }

  verify(): VerifyReport {
    return this.#guarded((db) => verifyDatabase(db, this.#edition));
  }

  async backup(file: string): Promise<void> {
    if (!this.#db.open) throw new SynclineError("CLOSED", "the store is closed");
    try {
      await backupDatabase(this.file, file);
    } catch (error) {
      throw asSynclineError(translated(error, file));
    }
  }

  close(): void {
    this.#guarded((db) => db.close());
  }
}
