import { isUuid, type Lsn, type ObjectId, type RevisionId, uuidBytes } from "../../base/ids.ts";
import { parseStoredRevision } from "../../log/stored-json.ts";
import { removes } from "../removes.ts";
import type { KnownRemoval, Removal, RemovalCounts, WithinScope } from "../rows.ts";
import { type Db, prepared } from "./database.ts";
import { outsidersOf } from "./read-scope.ts";
import { readPolicy } from "./read-state.ts";
import { headIds } from "./sqlite-rows.ts";
import { storedUuid } from "./stored-values.ts";

/** Deleted or purged; what is shunned is gone here alone. The index covers just these. */
const REMOVED = "deleted > 0 AND deleted < 3 AND changed > ?";
/** How a record says that its object is deleted; quotes inside of values are escaped. */
const DELETES = Buffer.from('"path":"/@deleted","value":true');

export function countLive(db: Db): number {
  const all = "SELECT count(*) FROM obj";
  const removed = "SELECT count(*) FROM obj WHERE deleted > 0";
  const count = (sql: string): number => prepared(db, sql).pluck().get() as number;
  return count(all) - count(removed);
}

/** Purges are no business of scopes. */
function insideOf(db: Db, within: WithinScope | undefined): (row: RemovedTuple) => boolean {
  const isOutside = outsidersOf(db, within);
  return ([oid, , nheads]) => nheads === 0 || isOutside?.(oid) !== true;
}

type RemovedTuple = [oid: number, uuid: Buffer, nheads: number, changed: Lsn];

function removedRows(db: Db, after: Lsn): Iterable<RemovedTuple> {
  const sql = `SELECT oid, uuid, nheads, changed FROM obj WHERE ${REMOVED} ORDER BY changed`;
  return prepared(db, sql).raw().iterate(after) as Iterable<RemovedTuple>;
}

export function countRemovals(db: Db, after: Lsn, within?: WithinScope): RemovalCounts {
  const isInside = insideOf(db, within);
  let removals = 0;
  for (const row of removedRows(db, after)) if (isInside(row)) removals += 1;
  const passing = prepared(
    db,
    `SELECT DISTINCT r.oid FROM rev r JOIN obj o ON o.oid = r.oid
       WHERE r.lsn > ? AND o.deleted = 0 AND instr(r.record, ?) > 0`,
  ).pluck();
  const isOutside = outsidersOf(db, within);
  const passed = passing.all(after, DELETES) as number[];
  return { removals, passing: passed.filter((oid) => isOutside?.(oid) !== true).length };
}

export function readRemovals(db: Db, after: Lsn, limit: number, within?: WithinScope): Removal[] {
  const isInside = insideOf(db, within);
  const rows: RemovedTuple[] = [];
  for (const row of removedRows(db, after)) {
    if (rows.length === limit) break;
    if (isInside(row)) rows.push(row);
  }
  return rows.map(([oid, uuid, nheads, lsn]) => {
    const object = storedUuid<ObjectId>(uuid);
    if (nheads === 0) return { object, heads: [], others: [], lsn };
    return { object, ...readLines(db, oid, nheads, after), lsn };
  });
}

/** The heads of a deleted object, and the other revisions that a target may have for heads. */
function readLines(
  db: Db,
  oid: number,
  nheads: number,
  after: Lsn,
): Pick<Removal, "heads" | "others"> {
  const rows = prepared(
    db,
    "SELECT lsn, record FROM rev WHERE oid = ? AND lsn > ? AND kind = 0 ORDER BY lsn",
  )
    .raw()
    .all(oid, after) as [Lsn, Buffer][];
  const records = rows.map(([lsn, record]) =>
    parseStoredRevision(record.toString(), `rev lsn=${lsn}`),
  );
  const heads = nheads === 1 ? records.slice(-1).map(({ id }) => id) : headIds(db, oid);
  const known = new Set(records.flatMap(({ id, parents }) => [id, ...parents]));
  for (const head of heads) known.delete(head);
  return { heads, others: [...known] };
}

export function countWouldRemove(db: Db, removals: readonly KnownRemoval[]): number {
  const editsKeep = readPolicy(db).policy.deletes === "edit-wins";
  return removals.filter((removal) => {
    const heads = liveHeads(db, removal.object);
    return heads !== undefined && removes(removal, heads, (id) => isHere(db, id), editsKeep);
  }).length;
}

/** The heads of an object that is live here. */
function liveHeads(db: Db, object: ObjectId): readonly RevisionId[] | undefined {
  const row = prepared(
    db,
    `SELECT o.oid, o.nheads, r.id FROM obj o JOIN rev r ON r.lsn = o.served
       WHERE o.uuid = ? AND o.deleted = 0`,
  )
    .raw()
    .get(uuidBytes(object)) as [number, number, Buffer] | undefined;
  if (row === undefined) return undefined;
  return row[1] === 1 ? [storedUuid(row[2])] : headIds(db, row[0]);
}

function isHere(db: Db, id: RevisionId): boolean {
  const found = prepared(db, "SELECT 1 FROM rev WHERE id = ?").pluck();
  return isUuid(id) && found.get(uuidBytes(id)) !== undefined;
}
