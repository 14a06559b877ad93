import type { Statement } from "better-sqlite3";
import {
  type ActorId,
  instanceOf,
  isUuid,
  type Lsn,
  type ObjectId,
  type RevisionId,
  uuidBytes,
} from "../../base/ids.ts";
import { sealPolicyRecord } from "../../log/policy-record.ts";
import type { StoredNaming } from "../../log/reader.ts";
import type {
  ConflictsWrite,
  Gone,
  LogWrites,
  NamingWrite,
  ObjectWrite,
} from "../../log/writes.ts";
import type { Claim } from "../../names/claim.ts";
import type { Db } from "./database.ts";
import { missingRow, positionBytes, storedUuid } from "./stored-values.ts";

/** How an object is removed for good, as `obj.deleted` says it. */
const GONE = { purged: 2, shunned: 3, dropped: 4 } as const;

/** The tables of what is derived from the log and the policy (names, conflicts), and of removals. */
export class DerivedTables {
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: Db) {
    this.#sql = statements(db);
  }

  claimOf(id: ObjectId): Claim | undefined {
    const row = this.#sql.named.get(uuidBytes(id)) as NamedTuple | undefined;
    return row === undefined ? undefined : this.#claimOf(row);
  }

  claims(space: string, key: string): readonly Claim[] {
    const rows = this.#sql.namedAs.all(key, space) as NamedTuple[];
    return rows.map((row) => this.#claimOf(row));
  }

  claimsBeginning(space: string, prefix: string): readonly Claim[] {
    const rows = this.#sql.namedFrom.all(prefix, prefix, space) as NamedTuple[];
    return rows.map((row) => this.#claimOf(row));
  }

  /** Looked up by itself: a join costs fifteen times as much when there is nothing to find. */
  #claimOf([uuid, type, space, name, writer]: NamedTuple): Claim {
    const row = this.#sql.writer.get(writer) as WriterTuple | undefined;
    if (row === undefined) throw missingRow(`rev lsn=${writer}`);
    return claimFrom([uuid, type, space, name, ...row]);
  }

  *allClaims(): Generator<{ readonly claim: Claim; readonly naming: StoredNaming }> {
    const rows = this.#sql.allClaims.all() as [...ClaimTuple, ...NamingTuple][];
    for (const [uuid, type, space, name, revision, hlc, actor, ...naming] of rows) {
      const claim = claimFrom([uuid, type, space, name, revision, hlc, actor]);
      yield { claim, naming: namingFrom(claim.object, naming) };
    }
  }

  namingOf(id: ObjectId): StoredNaming | undefined {
    const row = this.#sql.naming.get(uuidBytes(id)) as NamingTuple | undefined;
    return row && namingFrom(id, row);
  }

  unsettled(): readonly ObjectId[] {
    return (this.#sql.unsettled.all() as Buffer[]).map((uuid) => storedUuid(uuid));
  }

  goneHow(id: ObjectId): Gone["how"] | undefined {
    const deleted = this.#sql.gone.get(uuidBytes(id));
    if (deleted === undefined || deleted === GONE.dropped) return undefined;
    return deleted === GONE.shunned ? "shunned" : "purged";
  }

  anyGone(): boolean {
    return this.#sql.anyGone.get() !== undefined;
  }

  /**
   * Leaves ids, hashes and chain of an object's revisions, and nothing else. Returns the row number
   * that stands for the object.
   */
  remove({ id, lsn, how }: Gone): number {
    if (how !== "dropped") this.#sql.dropRefusedOf.run(Buffer.from(`"object":"${id}"`));
    const oid = this.rowOf(id);
    if (oid === undefined) {
      return Number(this.#sql.addGone.run(uuidBytes(id), GONE[how], lsn).lastInsertRowid);
    }
    this.#sql.dropHeads.run(oid);
    this.#sql.dropConflicts.run(oid);
    this.#sql.dropSnapshots.run(oid);
    this.#sql.dropDepartures.run(oid);
    if (how === "dropped") this.#sql.dropForNow.run(positionBytes(lsn), oid);
    else this.#sql.dropRecords.run(oid);
    this.#sql.setGone.run(GONE[how], lsn, how === "dropped" ? 1 : 0, oid);
    return oid;
  }

  /** The row of an object that is or was here. */
  rowOf(id: ObjectId): number | undefined {
    return this.#sql.oid.get(uuidBytes(id)) as number | undefined;
  }

  /** The row of an object that was dropped, which it takes again when it comes again. */
  droppedRow(id: ObjectId): number | undefined {
    return this.#sql.dropped.get(uuidBytes(id)) as number | undefined;
  }

  isDropped(id: RevisionId): boolean {
    if (!isUuid(id)) return false;
    return this.#sql.droppedRevision.get(uuidBytes(id), uuidBytes(id)) !== undefined;
  }

  /** Comes after objects and entries. */
  write({ objects, namings, conflicts, policies, proven }: LogWrites): void {
    for (const { lsn, snapshot } of proven) {
      if (snapshot === null) this.#sql.dropSnapshot.run(lsn);
      else this.#sql.setSnapshot.run(lsn, snapshot);
    }
    for (const object of objects) this.#writeNameWriter(object);
    for (const naming of namings) this.#writeNaming(naming);
    for (const one of conflicts) this.#writeConflicts(one);
    for (const policy of policies) this.#sql.addPolicy.run(sealPolicyRecord(policy));
  }

  /** An edit that is a head stands in the object's row already. */
  #writeNameWriter({ id, nameWriter, heads }: ObjectWrite): void {
    if (nameWriter === null || heads.some((head) => head.id === nameWriter)) return;
    this.#sql.setNameWriter.run(uuidBytes(nameWriter), uuidBytes(id));
  }

  #writeNaming({ object, effectiveName, canonical }: NamingWrite): void {
    const stands = canonical === null ? null : uuidBytes(canonical);
    this.#sql.setNaming.run(effectiveName, stands, uuidBytes(object));
  }

  #writeConflicts({ object, records }: ConflictsWrite): void {
    const oid = this.#sql.oid.get(uuidBytes(object)) as number;
    this.#sql.dropConflicts.run(oid);
    for (const record of records) {
      const { path, status } = record;
      const document = JSON.stringify(record);
      this.#sql.addConflict.run(uuidBytes(record.id), oid, path, status, document);
    }
    this.#sql.setContested.run(records.length > 0 ? 1 : 0, oid);
  }
}

type NamedTuple = [uuid: Buffer, type: string, space: string, name: string, writer: Lsn];
type WriterTuple = [revision: Buffer, hlc: number, actor: string];
type ClaimTuple = [uuid: Buffer, type: string, space: string, name: string, ...WriterTuple];

function claimFrom([uuid, type, space, name, revision, hlc, actor]: ClaimTuple): Claim {
  return {
    ...{ object: storedUuid<ObjectId>(uuid), type, space, name },
    ...{ instance: instanceOf(actor as ActorId), hlc, revision: storedUuid(revision) },
  };
}

type NamingTuple = [name: string | null, ename: string | null, Buffer | null, Buffer | null];

function namingFrom(object: ObjectId, row: NamingTuple): StoredNaming {
  const [name, effectiveName, canonical, conflict] = row;
  return {
    ...{ object, name, effectiveName },
    canonical: canonical === null ? null : storedUuid(canonical),
    conflict: conflict === null ? null : storedUuid(conflict),
  };
}

const NAME_COLUMNS = "o.uuid, o.type, ifnull(o.space, o.type), o.name";
/** What an object goes by, with the id of its name conflict. */
const NAMING_COLUMNS = `o.name, o.ename, o.canonical, CASE o.contested WHEN 1 THEN (
  SELECT c.id FROM conflict c
   WHERE c.oid = o.oid AND c.path = '/name' AND c.document ->> '$.kind' = 'name') END`;
/** What the claims of live objects with a name are made of. */
const NAMED = "o.deleted = 0 AND o.name IS NOT NULL AND o.nwriter IS NOT NULL";
const SELECT_NAMED = `SELECT ${NAME_COLUMNS}, o.nwriter FROM obj o WHERE ${NAMED}`;
const KEY = "ifnull(o.nkey, o.name)";
const SPACE = "ifnull(o.space, o.type)";
/** Sorts after whatever a text may go on with: a byte that no UTF-8 has. */
const AFTER_ALL = "CAST(x'ff' AS TEXT)";

function statements(db: Db): Record<StatementName, Statement<unknown[]>> {
  return {
    oid: db.prepare("SELECT oid FROM obj WHERE uuid = ?").pluck(),
    named: db.prepare(`${SELECT_NAMED} AND o.uuid = ?`).raw(),
    namedAs: db.prepare(`${SELECT_NAMED} AND ${KEY} = ? AND ${SPACE} = ?`).raw(),
    namedFrom: db
      .prepare(`${SELECT_NAMED} AND ${KEY} >= ? AND ${KEY} < ? || ${AFTER_ALL} AND ${SPACE} = ?`)
      .raw(),
    writer: db
      .prepare(
        "SELECT r.id, r.hlc, a.uuids FROM rev r JOIN actor a ON a.id = r.actor WHERE r.lsn = ?",
      )
      .raw(),
    allClaims: db
      .prepare(
        `SELECT ${NAME_COLUMNS}, r.id, r.hlc, a.uuids, ${NAMING_COLUMNS}
           FROM obj o JOIN rev r ON r.lsn = o.nwriter JOIN actor a ON a.id = r.actor WHERE ${NAMED}`,
      )
      .raw(),
    naming: db.prepare(`SELECT ${NAMING_COLUMNS} FROM obj o WHERE o.uuid = ?`).raw(),
    unsettled: db.prepare("SELECT uuid FROM obj WHERE nheads > 1 OR contested = 1").pluck(),
    setNameWriter: db.prepare(
      "UPDATE obj SET nwriter = (SELECT lsn FROM rev WHERE id = ?) WHERE uuid = ?",
    ),
    setNaming: db.prepare("UPDATE obj SET ename = ?, canonical = ? WHERE uuid = ?"),
    dropConflicts: db.prepare("DELETE FROM conflict WHERE oid = ?"),
    addConflict: db.prepare(
      "INSERT INTO conflict (id, oid, path, status, document) VALUES (?, ?, ?, ?, ?)",
    ),
    setContested: db.prepare("UPDATE obj SET contested = ? WHERE oid = ?"),
    addPolicy: db.prepare("INSERT INTO policy (record) VALUES (?)"),
    anyGone: db.prepare("SELECT 1 FROM obj WHERE nheads = 0 LIMIT 1").pluck(),
    gone: db.prepare("SELECT deleted FROM obj WHERE uuid = ? AND nheads = 0").pluck(),
    addGone: db.prepare(
      `INSERT INTO obj (uuid, type, nheads, served, body_hash, deleted, changed)
       VALUES (?, '', 0, 0, x'', ?, ?)`,
    ),
    setGone: db.prepare(
      `UPDATE obj SET nheads = 0, served = 0, body = NULL, body_hash = x'', name = NULL,
         deleted = ?, changed = ?, merge = NULL, parked = 0, contested = 0, space = NULL, nkey = NULL,
         nwriter = NULL, ename = NULL, canonical = NULL,
         withheld = min(withheld, 1) * 3 * ? WHERE oid = ?`,
    ),
    dropHeads: db.prepare("DELETE FROM head WHERE oid = ?"),
    dropRecords: db.prepare("UPDATE rev SET record = x'' WHERE oid = ? AND kind = 0"),
    dropped: db
      .prepare("SELECT oid FROM obj WHERE uuid = ? AND nheads = 0 AND deleted = 4")
      .pluck(),
    dropForNow: db.prepare(
      `UPDATE rev SET record = x'', kind = 2, id = CAST(id || ? AS BLOB)
         WHERE oid = ? AND kind = 0`,
    ),
    droppedRevision: db.prepare(
      "SELECT 1 FROM rev WHERE id > ? AND id < CAST(? || x'ff' AS BLOB) AND kind = 2",
    ),
    dropSnapshots: db.prepare(
      "DELETE FROM snap WHERE lsn IN (SELECT lsn FROM rev WHERE oid = ? AND kind = 0)",
    ),
    dropSnapshot: db.prepare("DELETE FROM snap WHERE lsn = ?"),
    setSnapshot: db.prepare("INSERT OR REPLACE INTO snap (lsn, body) VALUES (?, ?)"),
    dropDepartures: db.prepare("DELETE FROM departure WHERE oid = ?"),
    dropRefusedOf: db.prepare("DELETE FROM quarantine WHERE instr(bytes, ?) > 0"),
  };
}

type StatementName =
  | ("oid" | "named" | "namedAs" | "namedFrom" | "writer" | "allClaims" | "naming" | "unsettled")
  | ("setNameWriter" | "setNaming" | "dropConflicts" | "addConflict" | "setContested")
  | ("addPolicy" | "anyGone" | "gone" | "addGone" | "setGone")
  | ("dropHeads" | "dropRecords" | "dropSnapshots" | "dropRefusedOf" | "dropDepartures")
  | ("dropSnapshot" | "setSnapshot" | "dropped" | "dropForNow" | "droppedRevision");
