import { type Lsn, type ObjectId, type RevisionId, uuidBytes, uuidText } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";
import type { Edition } from "../../log/edition.ts";
import { textOfCreation } from "../../log/stored-json.ts";
import type { ScopeRows } from "../../scope/scope-copy.ts";
import type { Member } from "../../scope/scope-tables.ts";
import type { Tie } from "../../scope/selection.ts";
import type { Finding, VerifyReport } from "../rows.ts";
import {
  type LoggedRow,
  type StoredChangeset,
  type VerifySource,
  verifyLog,
} from "../verify-log.ts";
import type { LoggedRecord, StoredState } from "../verify-object.ts";
import { type Db, prepared } from "./database.ts";
import { integrityProblems } from "./integrity.ts";
import { readConflictsOf } from "./read-conflicts.ts";
import { readPolicy } from "./read-state.ts";
import { SqliteScopes } from "./scope-tables.ts";
import { headIds } from "./sqlite-rows.ts";
import { loggedUuid, storedBytes, storedUuid } from "./stored-values.ts";
import { verifyTables } from "./verify-tables.ts";

/** What SQLite's own check says at most. */
const PROBLEMS_MAX = 100;

/**
 * SQLite's own integrity check, then everything that {@link verifyTables} and {@link verifyLog}
 * check, over one state.
 */
export function verifyDatabase(db: Db, edition: Edition): VerifyReport {
  db.exec("BEGIN");
  try {
    const damaged = integrityProblems(db, PROBLEMS_MAX).map((message): Finding => {
      return { code: "STORE_CORRUPT", where: "database file", message };
    });
    const report = verifyLog(source(db, edition));
    return { ...report, findings: [...damaged, ...verifyTables(db), ...report.findings] };
  } finally {
    // Where a page was damaged, SQLite refuses to commit even what only read.
    if (db.inTransaction) db.exec("ROLLBACK");
  }
}

function source(db: Db, edition: Edition): VerifySource {
  return {
    edition,
    changesets: () => changesetRows(db),
    log: () => logRows(db),
    objects: () => objectRows(db),
    recordsOf: (id) => recordsOf(db, id),
    policy: () => readPolicy(db),
    scopeTables: new SqliteScopes(db),
    scopes: () => scopeRows(db),
    quarantine: () =>
      prepared(db, "SELECT key, bytes FROM quarantine").iterate() as Iterable<{
        key: string;
        bytes: Buffer;
      }>,
  };
}

/** Rows of objects that are missing are the business of {@link verifyTables}. */
function* scopeRows(db: Db): Generator<ScopeRows> {
  const tables = new SqliteScopes(db);
  for (const hash of tables.hashes()) {
    const scope = tables.scope(hash);
    if (scope === undefined) continue;
    const id = prepared(db, "SELECT id FROM scope WHERE hash = ?").pluck().get(hash);
    const rows = <Row>(columns: string, table: string): Row[] =>
      prepared(
        db,
        `SELECT o.uuid, ${columns} FROM ${table} t JOIN obj o USING (oid) WHERE scope = ?`,
      )
        .raw()
        .all(id) as Row[];
    const members = rows<[Buffer, number, number, Lsn, Lsn, number]>(
      'inside, selected, entered, "left", round',
      "scope_member",
    ).map(([uuid, inside, selected, entered, left, round]): [string, Member] => [
      shownId(uuid),
      { inside: inside === 1, selected: selected === 1, entered, left, round },
    ]);
    const ties = new Map<string, Tie[]>();
    for (const [uuid, up, other] of rows<[Buffer, number, Buffer]>("up, other", "scope_tie")) {
      const known = ties.get(shownId(uuid)) ?? [];
      ties.set(shownId(uuid), [...known, { up: up === 1, other: shownId(other) }]);
    }
    yield { scope, members: new Map(members), ties };
  }
}

function* changesetRows(db: Db): Generator<StoredChangeset> {
  const rows = prepared(db, "SELECT uuid, record, hash FROM changeset").raw().iterate() as Iterable<
    [Buffer, Buffer, Buffer]
  >;
  for (const [uuid, bytes, hash] of rows) yield { id: shownId(uuid), bytes, hash };
}

function* logRows(db: Db): Generator<LoggedRow> {
  const rows = prepared(
    db,
    `SELECT r.lsn, r.record, r.hash, r.chain, r.id, o.nheads = 0 OR r.kind = 2 AS gone, a.uuids AS actor, r.aseq AS seq, r.hlc,
       o.uuid AS object, c.uuid AS changeset
     FROM rev r LEFT JOIN obj o ON o.oid = r.oid LEFT JOIN changeset c ON c.id = r.cs
       LEFT JOIN actor a ON a.id = r.actor ORDER BY r.lsn`,
  ).iterate() as Iterable<LoggedRow & Record<string, Json | Buffer>>;
  for (const { lsn, record, hash, chain, id, gone, ...columns } of rows) {
    const fields = Object.entries(columns).map(([field, value]) => [
      field,
      value instanceof Uint8Array ? uuidText(value) : value,
    ]);
    yield {
      ...{ lsn, bytes: record as Buffer, hash, chain },
      ...{ id: idOrNull(id), isGone: gone === 1, fields: Object.fromEntries(fields) },
    };
  }
}

/** An object's row with its served record, both as they are. */
interface ObjectColumns {
  readonly oid: number;
  readonly uuid: Buffer;
  readonly type: string;
  readonly name: string | null;
  readonly deleted: number;
  readonly nheads: number;
  readonly changed: Lsn;
  readonly contested: number;
  readonly ename: string | null;
  readonly canonical: Buffer | null;
  readonly writer: Buffer | null;
  readonly body: string | null;
  readonly body_hash: Buffer;
  readonly merge: Buffer | null;
  readonly parked: number;
  readonly id: Buffer | null;
  readonly record: Buffer | null;
}

function* objectRows(db: Db): ReturnType<VerifySource["objects"]> & Generator {
  const rows = prepared(
    db,
    `SELECT o.*, r.id, w.id AS writer, CASE WHEN o.body IS NULL THEN r.record END AS record
     FROM obj o LEFT JOIN rev r ON r.lsn = o.served
       LEFT JOIN rev w ON w.lsn = o.nwriter WHERE o.nheads > 0`,
  ).iterate() as Iterable<ObjectColumns>;
  for (const row of rows) {
    yield { where: `obj ${shownId(row.uuid)}`, read: () => storedState(db, row) };
  }
}

/** An id to name a row by, also where something else stands: the rows after it are read as well. */
function shownId(value: unknown): string {
  return value instanceof Uint8Array && value.length === 16 ? uuidText(value) : "without an id";
}

function storedState(db: Db, row: ObjectColumns): StoredState {
  if (row.id === null) throw new Error("its served revision is missing");
  const newest = storedUuid<RevisionId>(row.id);
  const id = storedUuid<ObjectId>(row.uuid);
  return {
    id,
    type: row.type,
    name: row.name,
    deleted: row.deleted === 1,
    heads: row.nheads === 1 ? [newest] : headIds(db, row.oid),
    parked: row.parked === 1,
    revision: row.merge === null ? newest : storedUuid(row.merge),
    text: row.body ?? textOfCreation(row.record, `obj ${id}`),
    bodyHash: storedBytes(row.body_hash).toString("hex"),
    lsn: row.changed,
    conflicts: row.contested === 0 ? [] : readConflictsOf(db, id),
    effectiveName: row.deleted === 0 ? (row.ename ?? row.name) : null,
    canonical: row.canonical === null ? id : storedUuid(row.canonical),
    nameWriter: row.writer === null ? null : storedUuid(row.writer),
  };
}

function recordsOf(db: Db, id: ObjectId): LoggedRecord[] {
  return prepared(
    db,
    `SELECT r.lsn, r.record AS bytes, r.gen AS generation, s.body AS snapshot
     FROM rev r LEFT JOIN snap s ON s.lsn = r.lsn
     WHERE r.oid = (SELECT oid FROM obj WHERE uuid = ?) AND r.kind = 0 ORDER BY r.lsn`,
  ).all(uuidBytes(id)) as LoggedRecord[];
}

function idOrNull(value: unknown): RevisionId | null {
  try {
    return loggedUuid(value);
  } catch {
    return null;
  }
}
