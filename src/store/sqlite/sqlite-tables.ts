import type { Statement } from "better-sqlite3";
import { SynclineError } from "../../base/errors.ts";
import {
  type ActorId,
  type ChangesetId,
  type InstanceId,
  type Lsn,
  type ObjectId,
  type RevisionId,
  uuidBytes,
  uuidText,
} from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { Head, KnownRevision, LogHead, ObjectState, WaitingRecord } from "../../log/reader.ts";
import type { LogEntry, LogWrites, ObjectWrite, Refused } from "../../log/writes.ts";
import type { Content } from "../../model/content.ts";
import { climb } from "../ladder.ts";
import type { AuthorMark, PlanTables } from "../planning-store.ts";
import type { Identity, Rung } from "../rows.ts";
import type { ApplyBatch } from "../store.ts";
import type { Db } from "./database.ts";
import { Interner } from "./interner.ts";
import { readContentAt, readHead, readIdentity, textOfCreation } from "./read-state.ts";

/** A content is kept whole each time a history has grown by this many revisions. */
const SNAPSHOT_GENERATIONS = 64;

/** The tables behind planning: what plans ask, and the one write of a transaction. */
export class SqliteTables implements PlanTables {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #actors: Interner;
  readonly #peers: Interner;
  readonly #sql: ReturnType<typeof statements>;
  /** Row numbers of the objects and changesets that this transaction met. */
  readonly #oids = new Map<ObjectId, number>();
  readonly #changesets = new Map<ChangesetId, number>();
  /** The highest number of each actor, so that new numbers need no look-up. */
  readonly #numbers = new Map<ActorId, number>();
  #head: LogHead | undefined;
  #waiting: number | undefined;

  constructor(db: Db, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    this.#actors = new Interner(db, "actor", "uuids");
    this.#peers = new Interner(db, "peer", "uuid");
    this.#sql = statements(db);
  }

  identity(): Identity {
    return readIdentity(this.#db);
  }

  authorMark(): AuthorMark {
    const number = (key: string): number => (this.#sql.meta.get(key) as number | undefined) ?? 0;
    return { seq: number("seq"), hlc: number("hlc") };
  }

  transaction<T>(work: () => T): T {
    try {
      return this.#db.transaction(work).immediate();
    } catch (error) {
      this.#forget();
      throw error;
    } finally {
      this.#oids.clear();
      this.#changesets.clear();
    }
  }

  /** After a rollback nothing remembered can be trusted. */
  #forget(): void {
    this.#head = undefined;
    this.#waiting = undefined;
    this.#numbers.clear();
    this.#actors.forget();
    this.#peers.forget();
  }

  head(): LogHead {
    this.#head ??= readHead(this.#db);
    return this.#head;
  }

  objectState(id: ObjectId): ObjectState | undefined {
    const row = this.#sql.object.get(uuidBytes(id)) as ObjectTuple | undefined;
    if (row === undefined) return undefined;
    const [oid, type, nheads, lsn, body, bodyHash, headId, record] = row;
    this.#oids.set(id, oid);
    const served: Head = { id: uuidText(headId), lsn };
    const heads = nheads === 1 ? [served] : this.#headsOf(oid);
    const text = body ?? textOfCreation(record);
    return { id, type, heads, served, text, bodyHash: bodyHash.toString("hex") };
  }

  #headsOf(oid: number): Head[] {
    const rows = this.#sql.heads.all(oid) as [Buffer, Lsn][];
    return rows.map(([id, lsn]) => ({ id: uuidText(id), lsn }));
  }

  knownRevision(id: RevisionId): KnownRevision | undefined {
    const row = this.#sql.revision.get(uuidBytes(id)) as
      | [Lsn, number, number, Buffer, Buffer]
      | undefined;
    if (row === undefined) return undefined;
    const [lsn, hlc, generation, hash, uuid] = row;
    return { id, object: uuidText<ObjectId>(uuid), lsn, hlc, generation, hash };
  }

  contentAt(id: RevisionId): Content {
    return readContentAt(this.#db, id) as JsonObject;
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    const row = this.#sql.changeset.get(uuidBytes(id)) as [number, Buffer] | undefined;
    if (row !== undefined) this.#changesets.set(id, row[0]);
    return row?.[1];
  }

  revisionOfActor(actor: ActorId, seq: number): RevisionId | undefined {
    let last = this.#numbers.get(actor);
    if (last === undefined) {
      last = (this.#sql.lastNumber.get(actor) as number | null) ?? 0;
      this.#numbers.set(actor, last);
    }
    if (seq > last) return undefined;
    const id = this.#sql.numbered.get(actor, seq) as Buffer | undefined;
    return id === undefined ? undefined : uuidText(id);
  }

  waitingFor(ids: readonly string[]): readonly WaitingRecord[] {
    this.#waiting ??= this.#sql.waitingCount.get() as number;
    if (this.#waiting === 0) return [];
    return ids.flatMap((id) => this.#sql.waiting.all(id) as WaitingRecord[]);
  }

  write(writes: LogWrites, batch: ApplyBatch | null, mark: AuthorMark | null): void {
    const source = batch?.source ?? null;
    for (const { record, text, hash } of writes.changesets) {
      const row = this.#sql.addChangeset.run(uuidBytes(record.id), Buffer.from(text), hash);
      this.#changesets.set(record.id, Number(row.lastInsertRowid));
    }
    const counts = new Map<ObjectId, { generation: number; count: number }>();
    for (const object of writes.objects) this.#writeObject(object);
    for (const entry of writes.entries) {
      this.#writeEntry(entry, source);
      const { object } = entry.revision.record;
      const { generation } = entry;
      counts.set(object, { generation, count: (counts.get(object)?.count ?? 0) + 1 });
    }
    for (const object of writes.objects) this.#writeSnapshot(object, counts.get(object.id));
    this.#writeQuarantine(writes, source);
    if (batch?.cursor != null && source !== null) this.#moveCursor(source, batch.cursor);
    if (mark !== null) {
      this.#sql.setMeta.run("seq", mark.seq);
      this.#sql.setMeta.run("hlc", mark.hlc);
    }
    this.#head = writes.head;
  }

  #writeEntry({ lsn, revision, generation, chain }: LogEntry, source: InstanceId | null): void {
    const { record, text, hash } = revision;
    this.#sql.addRevision.run(
      lsn,
      uuidBytes(record.id),
      this.#oidOf(record.object),
      this.#actors.idOf(record.actor),
      record.seq,
      record.hlc,
      generation,
      this.#changesetOf(record.changeset),
      source === null ? null : this.#peers.idOf(source),
      Buffer.from(text),
      hash,
      chain,
    );
    const last = this.#numbers.get(record.actor);
    if (last !== undefined && record.seq > last) this.#numbers.set(record.actor, record.seq);
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
    const oid = this.#oids.get(id);
    if (oid === undefined) throw new SynclineError("INTERNAL", `object ${id} is not stored`);
    return oid;
  }

  #writeObject(object: ObjectWrite): void {
    const { id, type, heads, served, body, bodyHash, name, deleted } = object;
    const changed = heads.reduce((newest, { lsn }) => Math.max(newest, lsn), 0);
    const flag = deleted ? 1 : 0;
    const hash = Buffer.from(bodyHash, "hex");
    const values = [heads.length, served.lsn, body, hash, name, flag, changed];
    if (object.isNew) {
      const row = this.#sql.addObject.run(uuidBytes(id), type, ...values);
      this.#oids.set(id, Number(row.lastInsertRowid));
    } else {
      this.#sql.setObject.run(...values, this.#oidOf(id));
      this.#sql.dropHeads.run(this.#oidOf(id));
    }
    if (heads.length > 1) {
      for (const { lsn } of heads) this.#sql.addHead.run(this.#oidOf(id), lsn);
    }
  }

  #writeSnapshot(
    { served, body }: ObjectWrite,
    grown: { generation: number; count: number } | undefined,
  ): void {
    if (grown === undefined || body === null) return;
    const now = Math.floor(grown.generation / SNAPSHOT_GENERATIONS);
    const before = Math.floor((grown.generation - grown.count) / SNAPSHOT_GENERATIONS);
    if (now !== before) this.#sql.addSnapshot.run(served.lsn, body);
  }

  #writeQuarantine(writes: LogWrites, source: InstanceId | null): void {
    if (writes.refused.length === 0 && writes.released.length === 0) return;
    const src = source === null ? null : this.#peers.idOf(source);
    for (const refused of writes.refused) this.#addRefused(refused, src);
    for (const key of writes.released) this.#sql.dropRefused.run(key);
    this.#waiting = undefined;
  }

  #addRefused(refused: Refused, src: number | null): void {
    const { key, id, code, message, waitsFor, bytes, changesetBytes } = refused;
    const receivedMs = this.#clock.nowMs();
    const kept = changesetBytes === null ? null : Buffer.from(changesetBytes);
    this.#sql.addRefused.run(
      ...[key, id, code, message, waitsFor, src, receivedMs, Buffer.from(bytes), kept],
    );
  }

  #moveCursor(peer: InstanceId, { scope, rung }: NonNullable<ApplyBatch["cursor"]>): void {
    const id = this.#peers.idOf(peer);
    const stored = this.#sql.ladder.get(id, scope) as string | undefined;
    const ladder = climb(stored === undefined ? [] : (JSON.parse(stored) as Rung[]), rung);
    this.#sql.setLadder.run(id, scope, JSON.stringify(ladder));
  }
}

type ObjectTuple = [
  oid: number,
  type: string,
  nheads: number,
  served: Lsn,
  body: string | null,
  bodyHash: Buffer,
  headId: Buffer,
  record: Buffer | null,
];

function statements(db: Db): Record<StatementName, Statement<unknown[]>> {
  return {
    meta: db.prepare("SELECT value FROM meta WHERE key = ?").pluck(),
    setMeta: db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"),
    object: db
      .prepare(
        `SELECT o.oid, o.type, o.nheads, o.served, o.body, o.body_hash, r.id,
           CASE WHEN o.body IS NULL THEN r.record END
         FROM obj o JOIN rev r ON r.lsn = o.served WHERE o.uuid = ?`,
      )
      .raw(),
    heads: db
      .prepare("SELECT r.id, r.lsn FROM head h JOIN rev r ON r.lsn = h.lsn WHERE h.oid = ?")
      .raw(),
    revision: db
      .prepare(
        `SELECT r.lsn, r.hlc, r.gen, r.hash, o.uuid
         FROM rev r JOIN obj o ON o.oid = r.oid WHERE r.id = ?`,
      )
      .raw(),
    changeset: db.prepare("SELECT id, hash FROM changeset WHERE uuid = ?").raw(),
    lastNumber: db
      .prepare("SELECT max(aseq) FROM rev WHERE actor = (SELECT id FROM actor WHERE uuids = ?)")
      .pluck(),
    numbered: db
      .prepare(
        `SELECT id FROM rev WHERE actor = (SELECT id FROM actor WHERE uuids = ?) AND aseq = ?`,
      )
      .pluck(),
    waitingCount: db.prepare("SELECT count(*) FROM quarantine WHERE waits_for NOT NULL").pluck(),
    waiting: db.prepare(
      "SELECT key, bytes, changeset AS changesetBytes FROM quarantine WHERE waits_for = ?",
    ),
    addChangeset: db.prepare("INSERT INTO changeset (uuid, record, hash) VALUES (?, ?, ?)"),
    addRevision: db.prepare(
      `INSERT INTO rev (lsn, id, oid, actor, aseq, hlc, gen, cs, src, record, hash, chain)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addObject: db.prepare(
      `INSERT INTO obj (uuid, type, nheads, served, body, body_hash, name, deleted, changed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    setObject: db.prepare(
      `UPDATE obj SET nheads = ?, served = ?, body = ?, body_hash = ?, name = ?, deleted = ?,
         changed = ? WHERE oid = ?`,
    ),
    dropHeads: db.prepare("DELETE FROM head WHERE oid = ?"),
    addHead: db.prepare("INSERT INTO head (oid, lsn) VALUES (?, ?)"),
    addSnapshot: db.prepare("INSERT OR REPLACE INTO snap (lsn, body) VALUES (?, ?)"),
    addRefused: db.prepare(
      `INSERT OR REPLACE INTO quarantine
         (key, id, code, message, waits_for, src, received_ms, bytes, changeset)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    dropRefused: db.prepare("DELETE FROM quarantine WHERE key = ?"),
    ladder: db.prepare("SELECT ladder FROM cursor WHERE peer = ? AND scope = ?").pluck(),
    setLadder: db.prepare("INSERT OR REPLACE INTO cursor (peer, scope, ladder) VALUES (?, ?, ?)"),
  };
}

type StatementName =
  | "meta"
  | "setMeta"
  | "object"
  | "heads"
  | "revision"
  | "changeset"
  | "lastNumber"
  | "numbered"
  | "waitingCount"
  | "waiting"
  | "addChangeset"
  | "addRevision"
  | "addObject"
  | "setObject"
  | "dropHeads"
  | "addHead"
  | "addSnapshot"
  | "addRefused"
  | "dropRefused"
  | "ladder"
  | "setLadder";
