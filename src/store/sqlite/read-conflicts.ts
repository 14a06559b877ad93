import type { ObjectId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { parseStored } from "../../log/stored-json.ts";
import type { ConflictRecord } from "../../merge/conflict-log.ts";
import type { ConflictFilter, ConflictRow } from "../rows.ts";
import { type Db, prepared } from "./database.ts";
import { storedUuid, uuidBlob } from "./stored-values.ts";

const COLUMNS = "c.id, c.document, o.type FROM conflict c JOIN obj o ON o.oid = c.oid";

export function readConflict(db: Db, id: string): ConflictRow | undefined {
  const row = prepared(db, `SELECT ${COLUMNS} WHERE c.id = ?`).raw().get(uuidBlob(id));
  return row === undefined ? undefined : conflictRow(row as ConflictTuple);
}

/** In id order. */
export function readConflicts(db: Db, filter: ConflictFilter): ConflictRow[] {
  const { status, type, object, path, after } = filter;
  const where: string[] = [];
  if (status !== undefined) where.push("c.status = @status");
  if (type !== undefined) where.push("o.type = @type");
  if (object !== undefined) where.push("o.uuid = @object");
  if (after !== undefined) where.push("c.id > @after");
  if (path !== undefined) {
    where.push("(c.path = @path OR substr(c.path, 1, length(@path) + 1) = @path || '/')");
  }
  const clause = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`;
  const rows = prepared(db, `SELECT ${COLUMNS} ${clause} ORDER BY c.id LIMIT @limit`)
    .raw()
    .all({
      ...(status === undefined ? {} : { status }),
      ...(type === undefined ? {} : { type }),
      ...(object === undefined ? {} : { object: uuidBlob(object) }),
      ...(after === undefined ? {} : { after: uuidBlob(after) }),
      ...(path === undefined ? {} : { path }),
      limit: Math.min(filter.limit, PAGE_ITEMS_MAX),
    });
  return (rows as ConflictTuple[]).map(conflictRow);
}

type ConflictTuple = [id: Buffer, document: string, type: string];

function conflictRow([id, document, type]: ConflictTuple): ConflictRow {
  const record = parseStored<ConflictRecord>(document, `conflict ${storedUuid(id)}`);
  return { ...record, type };
}

const OF_OBJECT = "FROM conflict WHERE oid = (SELECT oid FROM obj WHERE uuid = ?)";

/** An object's conflict log, sorted by id; of one path where that is given. */
export function readConflictsOf(
  db: Db,
  id: ObjectId,
  path: string | null = null,
): ConflictRecord[] {
  const sql = `SELECT document ${OF_OBJECT} AND path = ifnull(?, path) ORDER BY id`;
  const rows = prepared(db, sql).pluck().all(uuidBlob(id), path) as string[];
  return rows.map((text) => parseStored<ConflictRecord>(text, `conflict of obj ${id}`));
}

export function readConflictIdsOf(db: Db, id: ObjectId): string[] {
  const rows = prepared(db, `SELECT id ${OF_OBJECT}`).pluck().all(uuidBlob(id));
  return rows.map((row) => storedUuid(row));
}

export function countOpenConflicts(db: Db): number {
  const sql = "SELECT count(*) FROM conflict WHERE status = 'open'";
  return prepared(db, sql).pluck().get() as number;
}
