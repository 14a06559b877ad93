import { type Lsn, type ObjectId, uuidBytes } from "../../base/ids.ts";
import type { Finding, VerifyReport } from "../rows.ts";
import { type LoggedRow, type StoredState, verifyLog } from "../verify-log.ts";
import { type Db, prepared } from "./database.ts";
import { readObjects } from "./sqlite-rows.ts";

/** Objects read at a time. */
const PAGE_OBJECTS = 500;

/** SQLite's own integrity check, then everything that {@link verifyLog} checks. */
export function verifyDatabase(db: Db): VerifyReport {
  const damaged = integrityFindings(db);
  // A damaged file may not even be readable to the end: what was found so far is still said.
  try {
    const report = db.transaction(() => verifyLog(source(db)))();
    return { ...report, findings: [...damaged, ...report.findings] };
  } catch (error) {
    if (damaged.length === 0) throw error;
    return { revisions: 0, objects: 0, findings: damaged };
  }
}

function integrityFindings(db: Db): Finding[] {
  const lines = prepared(db, "PRAGMA integrity_check(100)").pluck().all() as string[];
  return lines
    .filter((line) => line !== "ok")
    .map((message) => ({ code: "STORE_CORRUPT", where: "database file", message }));
}

function source(db: Db): Parameters<typeof verifyLog>[0] {
  const changeset = prepared(db, "SELECT 1 FROM changeset WHERE uuid = ?").pluck();
  const object = prepared(db, "SELECT 1 FROM obj WHERE uuid = ?").pluck();
  return {
    log: () => logRows(db),
    objects: () => objectRows(db),
    recordsOf: (id) => recordsOf(db, id),
    hasChangeset: (id) => changeset.get(uuidBytes(id)) !== undefined,
    hasObject: (id) => object.get(uuidBytes(id)) !== undefined,
  };
}

function* logRows(db: Db): Generator<LoggedRow> {
  const rows = prepared(db, "SELECT lsn, record, hash, chain FROM rev ORDER BY lsn")
    .raw()
    .iterate() as Iterable<[Lsn, Buffer, Buffer, Buffer]>;
  for (const [lsn, bytes, hash, chain] of rows) yield { lsn, bytes, hash, chain };
}

function* objectRows(db: Db): Generator<StoredState> {
  for (let after: ObjectId | undefined; ; ) {
    const filter = { includeDeleted: true, limit: PAGE_OBJECTS };
    const page = readObjects(db, after === undefined ? filter : { ...filter, after });
    for (const { id, heads, revision, text, bodyHash } of page) {
      yield { id, heads, served: revision, text, bodyHash };
    }
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

function recordsOf(db: Db, id: ObjectId): Buffer[] {
  return prepared(
    db,
    "SELECT record FROM rev WHERE oid = (SELECT oid FROM obj WHERE uuid = ?) ORDER BY lsn",
  )
    .pluck()
    .all(uuidBytes(id)) as Buffer[];
}
