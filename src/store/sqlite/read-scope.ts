import { CHAIN_START, nextChain } from "../../base/hash.ts";
import { type InstanceId, type Lsn, type ObjectId, uuidBytes } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { parseStored } from "../../log/stored-json.ts";
import { type Scope, takesAll } from "../../scope/scope.ts";
import { PageBuilder } from "../page-builder.ts";
import type { PageLimits } from "../page-limits.ts";
import type { Departure, EnteredFilter, EnteredPage, ScopeChange, WithinScope } from "../rows.ts";
import { type Db, prepared } from "./database.ts";
import { changesetRecord } from "./log-rows.ts";
import { readScope } from "./scope-tables.ts";
import { storedBytes, storedUuid } from "./stored-values.ts";

/** See `Store.leftScope`. */
export function readLeft(db: Db, change: ScopeChange): ObjectId[] {
  if (change.all) return readOutside(db, change);
  const { hash, round, after, told } = change;
  const rows = prepared(
    db,
    `SELECT o.uuid FROM scope_member m JOIN obj o ON o.oid = m.oid
      WHERE m.scope = (SELECT id FROM scope WHERE hash = ?) AND m."left" > ? AND m.inside = 0
        AND m.round <= ? AND o.uuid > ? ORDER BY o.uuid LIMIT ?`,
  )
    .pluck()
    .all(
      hash,
      after,
      round,
      told === undefined ? Buffer.alloc(0) : uuidBytes(told),
      PAGE_ITEMS_MAX,
    );
  return rows.map((uuid) => storedUuid(uuid));
}

function readOutside(db: Db, { hash, round, told }: ScopeChange): ObjectId[] {
  const isOutside = outsidersOf(db, { hash, round });
  const objects: ObjectId[] = [];
  if (isOutside === undefined) return objects;
  const rows = prepared(db, "SELECT oid, uuid FROM obj WHERE uuid > ? AND nheads > 0 ORDER BY uuid")
    .raw()
    .iterate(told === undefined ? Buffer.alloc(0) : uuidBytes(told)) as Iterable<[number, Buffer]>;
  for (const [oid, uuid] of rows) {
    if (isOutside(oid)) objects.push(storedUuid(uuid));
    if (objects.length === PAGE_ITEMS_MAX) break;
  }
  return objects;
}

type Log = Iterable<[lsn: Lsn, cs: number, id: Buffer, hash: Buffer, record: Buffer]>;

/** See `Store.readEntered`. */
export function readEntered(
  db: Db,
  { hash, round, upTo, after }: EnteredFilter,
  limits: PageLimits,
): EnteredPage | undefined {
  const history = prepared(
    db,
    `SELECT lsn, cs, id, hash, record FROM rev
      WHERE oid = ? AND lsn > ? AND lsn <= ? AND kind = 0 ORDER BY lsn`,
  ).raw();
  let [count, chain, last] = [0, CHAIN_START, after];
  const page = new PageBuilder(0, limits, () => chain);
  for (const [oid, uuid] of enteredObjects(db, { hash, round, upTo, after })) {
    const object = storedUuid<ObjectId>(uuid);
    const from = object === after?.object ? after.lsn : 0;
    for (const [lsn, cs, id, sum, record] of history.iterate(oid, from, upTo) as Log) {
      const bytes = storedBytes(record);
      if (page.isFull(cs, bytes.length)) return pageOf(page, last);
      if (!page.has(cs)) page.addChangeset(cs, changesetRecord(db, cs, lsn));
      chain = nextChain(chain, storedBytes(id), storedBytes(sum));
      count += 1;
      page.add(count, bytes);
      last = { object, lsn };
    }
  }
  return pageOf(page, last);
}

function pageOf(page: PageBuilder, last: EnteredPage["last"] | undefined): EnteredPage | undefined {
  const built = page.build();
  return built === undefined || last === undefined ? undefined : { ...built, last };
}

/** Row numbers and ids, in the order of the former. */
function enteredObjects(
  db: Db,
  { hash, round, upTo, after }: EnteredFilter,
): [oid: number, uuid: Buffer][] {
  return prepared(
    db,
    `SELECT o.oid, o.uuid FROM scope_member m JOIN obj o ON o.oid = m.oid
      WHERE m.scope = (SELECT id FROM scope WHERE hash = ?) AND m.entered > ? AND m.inside = 1
        AND m.round <= ? AND o.nheads > 0
        AND m.oid >= ifnull((SELECT oid FROM obj WHERE uuid = ?), 0) ORDER BY m.oid`,
  )
    .raw()
    .all(hash, upTo, round, after === undefined ? null : uuidBytes(after.object)) as [
    number,
    Buffer,
  ][];
}

/** See `Store.hasDropped`. */
export function hasDropped(db: Db): boolean {
  const sql = "SELECT EXISTS (SELECT 1 FROM obj WHERE nheads = 0 AND deleted = 4)";
  return prepared(db, sql).pluck().get() === 1;
}

/** See `Store.departures`. */
export function readDepartures(db: Db, object: ObjectId | undefined): Departure[] {
  const which = object === undefined ? "" : "WHERE o.uuid = ?";
  const rows = prepared(
    db,
    `SELECT o.uuid, d.peer, d.scope FROM departure d JOIN obj o ON o.oid = d.oid ${which}
      ORDER BY o.uuid, d.peer, d.scope`,
  )
    .raw()
    .all(...(object === undefined ? [] : [uuidBytes(object)])) as [Buffer, InstanceId, string][];
  return rows.map(([uuid, peer, scope]) => ({ object: storedUuid(uuid), peer, scope }));
}

/** Tells which objects, by row number, are outside a scope; undefined when none can be. */
export function outsidersOf(
  db: Db,
  within: WithinScope | undefined,
): ((oid: number) => boolean) | undefined {
  if (within === undefined) return undefined;
  const scope = readScope(db, within.hash);
  const row = prepared(db, "SELECT id FROM scope WHERE hash = ?").pluck().get(within.hash);
  if (scope === undefined) return () => true;
  const isInside = takesAll(parseStored<Scope>(scope.text, `scope ${within.hash}`));
  if (isInside && prepared(db, ANY_MEMBER).get(row) === undefined) return undefined;
  const find = prepared(db, FIND_MEMBER).raw();
  return (oid) => {
    const member = find.get(row, oid) as [inside: number, round: number] | undefined;
    if (member === undefined) return !isInside;
    return member[0] === 0 || member[1] > within.round;
  };
}

const ANY_MEMBER = "SELECT 1 FROM scope_member WHERE scope = ? LIMIT 1";
const FIND_MEMBER = "SELECT inside, round FROM scope_member WHERE scope = ? AND oid = ?";
