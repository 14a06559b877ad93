import { SynclineError } from "../../base/errors.ts";
import type {
  ActorId,
  ChangesetId,
  InstanceId,
  Lsn,
  ObjectId,
  RevisionId,
} from "../../base/ids.ts";
import { type Edition, THIS_EDITION, type Versions } from "../../log/edition.ts";
import { MetConflicts } from "../../log/met-conflicts.ts";
import type { PolicyRecord } from "../../log/policy-record.ts";
import type {
  Head,
  KnownRevision,
  LogHead,
  ObjectState,
  PolicyInForce,
  QuarantineSize,
  StoredNaming,
} from "../../log/reader.ts";
import type { Gone, LogEntry, LogWrites, ObjectWrite } from "../../log/writes.ts";
import type { Content } from "../../model/content.ts";
import type { Revision } from "../../model/record.ts";
import type { Claim } from "../../names/claim.ts";
import type { AdaptTables } from "../adapt.ts";
import type { Continuity } from "../continuity.ts";
import type { LeavingTables } from "../leaving.ts";
import type { AuthorMark, PlanTables, PolicyOffers, StorePorts } from "../plan-tables.ts";
import type { Identity } from "../rows.ts";
import type { ApplyBatch } from "../store.ts";
import type { UnkeptRecord } from "../unkept.ts";
import { type Db, emptyWal, transacted } from "./database.ts";
import { DerivedTables } from "./derived-tables.ts";
import { readContinuity, readIdentity, writeIdentity } from "./identity.ts";
import { Interner } from "./interner.ts";
import { readVersions, saveVersions, sealMeta } from "./meta.ts";
import { emptyCursor, moveCursor } from "./move-cursor.ts";
import { NewestId } from "./newest-id.ts";
import { objectPages } from "./object-pages.ts";
import { objectValues, stateIn } from "./object-row.ts";
import { policyOffers } from "./peer-tables.ts";
import { QuarantineTable } from "./quarantine-table.ts";
import { readConflictIdsOf, readConflictsOf } from "./read-conflicts.ts";
import { leavingTables } from "./read-leaving.ts";
import {
  readContentAt,
  readHead,
  readPolicy,
  readPolicyRecords,
  readRevision,
  readRevisionsOf,
} from "./read-state.ts";
import { SqliteScopes } from "./scope-tables.ts";
import { KINDS } from "./sqlite-rows.ts";
import { type ObjectTuple, statements } from "./statements.ts";
import { boundUuid, loggedUuid, missingRow, storedBytes, storedUuid } from "./stored-values.ts";

export type TablesPorts = Pick<StorePorts, "clock" | "edition">;

/** The tables behind planning: what plans ask, and the one write of a transaction. */
export class SqliteTables implements AdaptTables {
  readonly edition: Edition;
  readonly offers: PolicyOffers;
  readonly met: MetConflicts = new MetConflicts();
  readonly #db: Db;
  readonly #actors: Interner;
  readonly #peers: Interner;
  readonly #derived: DerivedTables;
  readonly #quarantine: QuarantineTable;
  readonly #sql: ReturnType<typeof statements>;
  readonly scopes: SqliteScopes;
  readonly leaving: LeavingTables;
  /** Row numbers that this transaction met. */
  readonly #oids = new Map<ObjectId, number>();
  readonly #changesets = new Map<ChangesetId, number>();
  /** Of each actor, so that new numbers need no look-up. */
  readonly #numbers = new Map<ActorId, number>();
  readonly #newest: NewestId;
  #head: LogHead | undefined;
  /** Whether any object is gone, so that new objects need no look-up. */
  #anyGone: boolean | undefined;
  #policy: PolicyInForce | undefined;
  /** The write-ahead log may hold what was removed for good. */
  #holdsRemoved = false;
  /** SQLite's count of commits by other connections. */
  #others: unknown;

  constructor(db: Db, { clock, edition = THIS_EDITION }: TablesPorts) {
    this.#db = db;
    this.edition = edition;
    this.offers = policyOffers(db);
    this.#actors = new Interner(db, "actor", "uuids");
    this.#peers = new Interner(db, "peer", "uuid");
    this.#derived = new DerivedTables(db);
    this.#quarantine = new QuarantineTable(db, clock);
    this.#newest = new NewestId(db);
    this.#sql = statements(db);
    this.scopes = new SqliteScopes(db);
    this.leaving = leavingTables(db);
  }

  identity(): Identity {
    return readIdentity(this.#db);
  }

  readonly authorMark = (): AuthorMark => ({ seq: this.#number("seq"), hlc: this.#number("hlc") });

  lastNumberOf(actor: ActorId): number {
    const known = this.#numbers.get(actor);
    const last = known ?? (this.#sql.lastNumber.get(actor) as number | null) ?? 0;
    if (known === undefined) this.#numbers.set(actor, last);
    return last;
  }

  continuity(): Continuity {
    return readContinuity(this.#db);
  }

  saveIdentity(identity: Identity, continuity: Continuity): void {
    writeIdentity(this.#db, identity, continuity);
  }

  #number(key: string): number {
    return (this.#sql.meta.get(key) as number | undefined) ?? 0;
  }

  transaction<T>(work: () => T): T {
    try {
      const result = transacted(this.#db, "immediate", () => {
        this.#noticeOthers();
        return work();
      });
      if (this.#holdsRemoved) this.#holdsRemoved = !emptyWal(this.#db);
      return result;
    } catch (error) {
      this.#forget();
      throw error;
    } finally {
      this.#oids.clear();
      this.#changesets.clear();
    }
  }

  knownVersions(): Versions {
    return readVersions(this.#db);
  }

  saveKnownVersions(versions: Versions): void {
    saveVersions(this.#db, versions);
  }

  objectPages(which: "all" | "parked"): Iterable<readonly ObjectId[]> {
    return objectPages(this.#db, which);
  }

  /** What is remembered holds as long as nobody else writes into the file. */
  #noticeOthers(): void {
    const others = this.#sql.dataVersion.get();
    if (others !== this.#others) this.#forget();
    this.#others = others;
  }

  /** After a rollback nothing remembered can be trusted. */
  #forget(): void {
    this.#head = undefined;
    this.#anyGone = undefined;
    this.#policy = undefined;
    this.met.clear();
    this.#quarantine.forget();
    this.#numbers.clear();
    this.#actors.forget();
    this.#peers.forget();
    this.#newest.forget();
    this.scopes.forgetSeen();
  }

  head(): LogHead {
    this.#head ??= readHead(this.#db);
    return this.#head;
  }

  objectState(id: ObjectId): ObjectState | undefined {
    // Two plain look-ups: a join costs ten times as much when there is nothing to find.
    const row = this.#sql.object.get(boundUuid(id)) as ObjectTuple | undefined;
    if (row === undefined) return undefined;
    const [oid, , nheads, lsn, body] = row;
    if (nheads === 0) return undefined;
    const statement = body === null ? this.#sql.servedRecord : this.#sql.served;
    const head = statement.get(lsn) as [id: Buffer, record?: Buffer] | undefined;
    if (head === undefined) throw missingRow(`rev lsn=${lsn}`);
    this.#oids.set(id, oid);
    const newest: Head = { id: storedUuid(head[0]), lsn };
    const heads = nheads === 1 ? [newest] : this.#headsOf(oid);
    return { id, heads, ...stateIn(row, newest, head[1], (at) => this.#idAt(at)) };
  }

  goneHow(id: ObjectId): Gone["how"] | undefined {
    this.#anyGone ??= this.#derived.anyGone();
    return this.#anyGone ? this.#derived.goneHow(id) : undefined;
  }

  readonly isDropped = (id: RevisionId): boolean => this.#derived.isDropped(id);

  #remove(gone: Gone): void {
    this.#oids.set(gone.id, this.#derived.remove(gone));
    this.#quarantine.forget();
    this.met.forget(gone.id);
    this.#anyGone = true;
    this.#holdsRemoved = true;
  }

  #idAt(lsn: Lsn): RevisionId {
    const row = this.#sql.served.get(lsn) as [Buffer] | undefined;
    if (row === undefined) throw missingRow(`rev lsn=${lsn}`);
    return storedUuid(row[0]);
  }

  #headsOf(oid: number): Head[] {
    const rows = this.#sql.heads.all(oid) as [Buffer, Lsn][];
    return rows.map(([id, lsn]) => ({ id: storedUuid(id), lsn }));
  }

  knownRevision(id: RevisionId): KnownRevision | undefined {
    if (this.#newest.isBelow(id)) return undefined;
    const row = this.#sql.revision.get(boundUuid(id)) as
      | [Lsn, number, number, Buffer, number]
      | undefined;
    if (row === undefined) return undefined;
    const [lsn, hlc, generation, hash, oid] = row;
    const uuid = this.#sql.objectId.get(oid) as Buffer | undefined;
    if (uuid === undefined) throw missingRow(`obj oid=${oid}`);
    const object = storedUuid<ObjectId>(uuid);
    return { id, object, lsn, hlc, generation, hash: storedBytes(hash) };
  }

  readonly contentAt = (id: RevisionId): Content => readContentAt(this.#db, id);

  readonly revisionRecord = (id: RevisionId): Revision => readRevision(this.#db, id);

  readonly revisionsOf = (id: ObjectId): readonly Revision[] => readRevisionsOf(this.#db, id);

  readonly conflictsOf: PlanTables["conflictsOf"] = (...of) => readConflictsOf(this.#db, ...of);

  readonly conflictIdsOf = (id: ObjectId): string[] => readConflictIdsOf(this.#db, id);

  policy(): PolicyInForce {
    this.#policy ??= readPolicy(this.#db);
    return this.#policy;
  }

  policyRecords(): readonly PolicyRecord[] {
    return readPolicyRecords(this.#db);
  }

  readonly unsettled = (): readonly ObjectId[] => this.#derived.unsettled();

  allClaims(): ReturnType<PlanTables["allClaims"]> {
    return this.#derived.allClaims();
  }

  namingOf(id: ObjectId): StoredNaming | undefined {
    return this.#derived.namingOf(id);
  }

  claimOf(id: ObjectId): Claim | undefined {
    return this.#derived.claimOf(id);
  }

  claims(space: string, key: string): readonly Claim[] {
    return this.#derived.claims(space, key);
  }

  claimsBeginning(space: string, prefix: string): readonly Claim[] {
    return this.#derived.claimsBeginning(space, prefix);
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    const row = this.#sql.changeset.get(boundUuid(id)) as [number, Buffer] | undefined;
    if (row !== undefined) this.#changesets.set(id, row[0]);
    return row?.[1];
  }

  revisionOfActor(actor: ActorId, seq: number): RevisionId | undefined {
    if (seq > this.lastNumberOf(actor)) return undefined;
    const id = this.#sql.numbered.get(actor, seq) as Buffer | undefined;
    return id === undefined ? undefined : loggedUuid(id);
  }

  quarantineSize(): QuarantineSize {
    return this.#quarantine.size;
  }

  isQuarantined(key: string): boolean {
    return this.#quarantine.keeps(key);
  }

  quarantinedAs(id: string, key: string): readonly string[] {
    return this.#quarantine.keysAs(id, key);
  }

  waitingFor(ids: readonly string[]): readonly string[] {
    return this.#quarantine.waitingFor(ids);
  }

  unkept(): readonly UnkeptRecord[] {
    return this.#quarantine.unkept;
  }

  quarantinedBytes(key: string): Uint8Array {
    return this.#quarantine.bytesOf(key);
  }

  write(writes: LogWrites, batch: ApplyBatch | null, mark: AuthorMark | null): void {
    const source = batch?.source ?? null;
    for (const { record, text, hash } of writes.changesets) {
      const row = this.#sql.addChangeset.run(boundUuid(record.id), Buffer.from(text), hash);
      this.#changesets.set(record.id, Number(row.lastInsertRowid));
    }
    for (const one of writes.gone) this.#remove(one);
    for (const object of writes.objects) this.#writeObject(object);
    for (const entry of writes.entries) this.#writeEntry(entry, source);
    this.#derived.write(writes);
    if (writes.policies.length > 0) this.#policy = undefined;
    this.#quarantine.write(writes, source === null ? null : this.#peers.idOf(source));
    if (batch?.cursor != null && source !== null)
      moveCursor(this.#db, this.#peers.idOf(source), source, batch.cursor);
    if (mark !== null) {
      this.#sql.setMeta.run("seq", mark.seq);
      this.#sql.setMeta.run("hlc", mark.hlc);
      sealMeta(this.#db);
    }
    this.#head = writes.head;
  }

  askAgain(peer: InstanceId, scope: string): void {
    emptyCursor(this.#db, this.#peers.idOf(peer), peer, scope);
  }

  #writeEntry(entry: LogEntry, source: InstanceId | null): void {
    const { lsn, kind, envelope, bytes, hash, generation, chain, snapshot } = entry;
    const { actor, seq } = envelope;
    this.#sql.addRevision.run(
      lsn,
      boundUuid(envelope.id),
      this.#oidOf(envelope.object),
      this.#actors.idOf(actor),
      seq,
      envelope.hlc,
      generation,
      envelope.changeset === null ? 0 : this.#changesetOf(envelope.changeset),
      source === null || entry.waited === true ? null : this.#peers.idOf(source),
      bytes,
      hash,
      chain,
      KINDS.indexOf(kind),
    );
    this.#newest.add(envelope.id);
    if (snapshot !== null) this.#sql.addSnapshot.run(lsn, snapshot);
    const last = this.#numbers.get(actor);
    if (last !== undefined && seq > last) this.#numbers.set(actor, seq);
  }

  #changesetOf(id: ChangesetId): number {
    const known = this.#changesets.get(id);
    if (known !== undefined) return known;
    if (this.changesetHash(id) === undefined) {
      throw new SynclineError("INTERNAL", `changeset ${id} is not stored`);
    }
    return this.#changesets.get(id) as number;
  }

  #oidOf(id: ObjectId): number {
    const oid = this.#oids.get(id) ?? this.#derived.rowOf(id);
    if (oid === undefined) throw new SynclineError("INTERNAL", `object ${id} is not stored`);
    return oid;
  }

  #writeObject(object: ObjectWrite): void {
    const { id, type, heads } = object;
    const values = objectValues(object);
    this.#anyGone ??= this.#derived.anyGone();
    const again = object.isNew && this.#anyGone ? this.#derived.droppedRow(id) : undefined;
    if (again !== undefined) {
      this.#sql.setType.run(type, again);
      this.#oids.set(id, again);
    }
    if (object.isNew && again === undefined) {
      const row = this.#sql.addObject.run(boundUuid(id), type, ...values);
      this.#oids.set(id, Number(row.lastInsertRowid));
    } else {
      this.#sql.setObject.run(...values, this.#oidOf(id));
      this.#sql.dropHeads.run(this.#oidOf(id));
    }
    if (heads.length > 1) {
      for (const { lsn } of heads) this.#sql.addHead.run(this.#oidOf(id), lsn);
    }
  }
}
