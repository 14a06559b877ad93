import {
  type ActorId,
  type InstanceId,
  type Lsn,
  type ObjectId,
  uuidBytes,
} from "../../base/ids.ts";
import type { LeavingTables, LeftWhere, Origin } from "../leaving.ts";
import { type Db, prepared } from "./database.ts";
import { readIdentity } from "./identity.ts";
import { readDepartures } from "./read-scope.ts";
import { SqliteScopes } from "./scope-tables.ts";
import { readCursor, readLinks } from "./sqlite-rows.ts";

/** What is asked of a file to say what of it may be dropped. */
export function leavingTables(db: Db): LeavingTables {
  return {
    scopes: new SqliteScopes(db),
    identity: () => readIdentity(db),
    links: () => readLinks(db),
    cursor: (peer, scope) => readCursor(db, peer, scope),
    cursors: () => readCursors(db),
    departures: () => readDepartures(db, undefined),
    isLive: (object) => {
      const find = prepared(db, "SELECT deleted FROM obj WHERE uuid = ?").pluck();
      return find.get(uuidBytes(object)) === 0;
    },
    origins: (object) => readOrigins(db, object),
  };
}

function readCursors(db: Db): LeftWhere[] {
  const sql = "SELECT p.uuid, c.scope FROM cursor c JOIN peer p ON p.id = c.peer";
  const rows = prepared(db, sql).raw().all() as [InstanceId, string][];
  return rows.map(([source, scope]) => ({ source, scope }));
}

function readOrigins(db: Db, object: ObjectId): Origin[] {
  const rows = prepared(
    db,
    `SELECT r.lsn, p.uuid, a.uuids, r.gen = 1, CASE o.nheads WHEN 1 THEN r.lsn = o.served
         ELSE EXISTS (SELECT 1 FROM head h WHERE h.oid = o.oid AND h.lsn = r.lsn) END
       FROM obj o JOIN rev r ON r.oid = o.oid AND r.kind = 0 JOIN actor a ON a.id = r.actor
       LEFT JOIN peer p ON p.id = r.src WHERE o.uuid = ?`,
  )
    .raw()
    .all(uuidBytes(object)) as [Lsn, InstanceId | null, ActorId, number, number][];
  return rows.map(([lsn, source, actor, isCreation, isHead]) => {
    return { source, actor, isCreation: isCreation === 1, isHead: isHead === 1, lsn };
  });
}
