import type { Statement } from "better-sqlite3";
import type { Lsn } from "../../base/ids.ts";
import type { Db } from "./database.ts";

/** The statements of `SqliteTables`, prepared. */
export function statements(db: Db): Record<StatementName, Statement<unknown[]>> {
  return {
    dataVersion: db.prepare("PRAGMA data_version").pluck(),
    meta: db.prepare("SELECT value FROM meta WHERE key = ?").pluck(),
    setMeta: db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"),
    object: db
      .prepare(
        `SELECT oid, type, nheads, served, body, body_hash, merge, parked, contested, nwriter,
           ename, deleted
           FROM obj WHERE uuid = ?`,
      )
      .raw(),
    objectId: db.prepare("SELECT uuid FROM obj WHERE oid = ?").pluck(),
    served: db.prepare("SELECT id FROM rev WHERE lsn = ?").raw(),
    servedRecord: db.prepare("SELECT id, record FROM rev WHERE lsn = ?").raw(),
    heads: db
      .prepare(
        "SELECT r.id, r.lsn FROM head h JOIN rev r ON r.lsn = h.lsn WHERE h.oid = ? ORDER BY h.lsn",
      )
      .raw(),
    revision: db.prepare("SELECT lsn, hlc, gen, hash, oid FROM rev WHERE id = ?").raw(),
    changeset: db.prepare("SELECT id, hash FROM changeset WHERE uuid = ?").raw(),
    lastNumber: db
      .prepare("SELECT max(aseq) FROM rev WHERE actor = (SELECT id FROM actor WHERE uuids = ?)")
      .pluck(),
    numbered: db
      .prepare(
        `SELECT id FROM rev WHERE actor = (SELECT id FROM actor WHERE uuids = ?) AND aseq = ?`,
      )
      .pluck(),
    addChangeset: db.prepare("INSERT INTO changeset (uuid, record, hash) VALUES (?, ?, ?)"),
    addRevision: db.prepare(
      `INSERT INTO rev (lsn, id, oid, actor, aseq, hlc, gen, cs, src, record, hash, chain, kind)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addObject: db.prepare(
      `INSERT INTO obj
         (uuid, type, nheads, served, body, body_hash, name, deleted, changed, merge, parked, space,
          nkey, nwriter, withheld)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    setObject: db.prepare(
      `UPDATE obj SET nheads = ?, served = ?, body = ?, body_hash = ?, name = ?, deleted = ?,
         changed = ?, merge = ?, parked = CASE WHEN ? THEN 1 WHEN parked = 1 THEN 2 ELSE 0 END,
         space = ?, nkey = ?, nwriter = ?, withheld = coalesce(nullif(?, 0), min(withheld, 1) * 3)
         WHERE oid = ?`,
    ),
    setType: db.prepare("UPDATE obj SET type = ? WHERE oid = ?"),
    dropHeads: db.prepare("DELETE FROM head WHERE oid = ?"),
    addHead: db.prepare("INSERT INTO head (oid, lsn) VALUES (?, ?)"),
    addSnapshot: db.prepare("INSERT OR REPLACE INTO snap (lsn, body) VALUES (?, ?)"),
  };
}

type StatementName =
  | ("dataVersion" | "meta" | "setMeta")
  | ("object" | "objectId" | "served" | "servedRecord" | "heads" | "revision" | "changeset")
  | ("lastNumber" | "numbered")
  | ("addChangeset" | "addRevision" | "addObject" | "setObject" | "dropHeads" | "addHead")
  | "addSnapshot"
  | "setType";

/** A row of the statement `object`. */
export type ObjectTuple = [
  oid: number,
  type: string,
  nheads: number,
  served: Lsn,
  body: string | null,
  bodyHash: Buffer,
  merge: Buffer | null,
  parked: number,
  contested: number,
  nameWriter: Lsn | null,
  derivedName: string | null,
  deleted: number,
];
