import type { Lsn } from "../../base/ids.ts";
import { parseStoredRevision, textOf } from "../../log/stored-json.ts";
import { type Db, prepared } from "./database.ts";
import { loggedUuid, storedBytes } from "./stored-values.ts";

/** Of so many objects it is remembered which of their revisions the own ones build on. */
const OBJECTS_MAX = 10_000;

const NOTHING: ReadonlySet<Lsn> = new Set();

type Row = [lsn: Lsn, id: Buffer, actor: number];

/** Tells what revisions of some actors build on, near and far: by object, and position in the log. */
export function basesOf(db: Db, own: ReadonlySet<number>): (oid: number, lsn: Lsn) => boolean {
  const known = new Map<number, ReadonlySet<Lsn>>();
  // Most are the last of their object: an index alone says so.
  const later = prepared(db, "SELECT 1 FROM rev WHERE oid = ? AND lsn > ? LIMIT 1").pluck();
  return (oid, lsn) => {
    if (own.size === 0) return false;
    const found = known.get(oid);
    if (found === undefined && later.get(oid, lsn) === undefined) return false;
    const bases = found ?? basesIn(db, oid, own);
    if (known.size >= OBJECTS_MAX) known.clear();
    known.set(oid, bases);
    return bases.has(lsn);
  };
}

/** Newest first: parents stand below their children. */
function basesIn(db: Db, oid: number, own: ReadonlySet<number>): ReadonlySet<Lsn> {
  const find = "SELECT lsn, id, actor FROM rev WHERE oid = ? AND kind = 0 ORDER BY lsn DESC";
  const rows = prepared(db, find).raw().all(oid) as Row[];
  const first = rows.findIndex(([, , actor]) => own.has(actor));
  if (first < 0) return NOTHING;
  const [bases, wanted] = [new Set<Lsn>(), new Set<string>()];
  for (const [lsn, stored, actor] of rows.slice(first)) {
    const isBase = wanted.has(loggedUuid(stored));
    if (isBase) bases.add(lsn);
    if (isBase || own.has(actor)) for (const parent of parentsOf(db, lsn)) wanted.add(parent);
  }
  return bases;
}

/** None for a stub: its object is gone, and needs nothing to stand on. */
function parentsOf(db: Db, lsn: Lsn): readonly string[] {
  const find = "SELECT record FROM rev WHERE lsn = ?";
  const record = storedBytes(prepared(db, find).pluck().get(lsn));
  return record.length === 0 ? [] : parseStoredRevision(textOf(record), `rev lsn=${lsn}`).parents;
}
