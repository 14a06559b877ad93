import { compareCodeUnits } from "../../base/canonical.ts";
import type { InstanceId, Lsn, ObjectId, RevisionId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { parseStored, textOfCreation } from "../../log/stored-json.ts";
import { nameKey } from "../../names/claim.ts";
import type { DigestRow } from "../digest.ts";
import type {
  Cursor,
  EntryFilter,
  EntryRow,
  LinkRow,
  LogChange,
  ObjectFilter,
  ObjectRow,
  QuarantineRow,
  Rung,
  RunRow,
  StoreCounts,
} from "../rows.ts";
import type { Stretch } from "../stretches.ts";
import { type Db, prepared } from "./database.ts";
import { storedBytes, storedText, storedUuid, uuidBlob, uuidRange } from "./stored-values.ts";

type Row = Record<string, unknown>;

const ENTRY_COLUMNS = `r.lsn, r.id, r.kind, o.uuid, r.record, r.hash, c.record AS changeset,
    p.uuid AS src
  FROM rev r JOIN obj o ON o.oid = r.oid LEFT JOIN changeset c ON c.id = r.cs
  LEFT JOIN peer p ON p.id = r.src`;

export function readEntries(db: Db, filter: EntryFilter): EntryRow[] {
  const { after = 0, before = Number.MAX_SAFE_INTEGER, object, reverse = false } = filter;
  const which = object === undefined ? "" : "AND r.oid = (SELECT oid FROM obj WHERE uuid = @uuid)";
  const order = reverse ? "DESC" : "ASC";
  const rows = prepared(
    db,
    `SELECT ${ENTRY_COLUMNS} WHERE r.lsn > @after AND r.lsn < @before AND r.record <> x'' ${which}
       ORDER BY r.lsn ${order} LIMIT @limit`,
  ).all({
    after,
    before,
    limit: Math.min(filter.limit, PAGE_ITEMS_MAX),
    ...(object === undefined ? {} : { uuid: uuidBlob(object) }),
  }) as Row[];
  return rows.map(entryRow);
}

export function readChanges(db: Db, after: Lsn, limit: number): LogChange[] {
  // Read as text: a buffer for each record would have to be decoded here and collected later.
  const rows = prepared(
    db,
    `SELECT r.lsn, r.kind, o.uuid, CASE typeof(r.record) WHEN 'blob' THEN CAST(r.record AS TEXT) END
       FROM rev r JOIN obj o ON o.oid = r.oid WHERE r.lsn > ? ORDER BY r.lsn LIMIT ?`,
  )
    .raw()
    .all(after, limit) as [Lsn, number, unknown, unknown][];
  return rows.map(([lsn, kind, object, text]) => {
    return {
      lsn,
      kind: kindOf(kind),
      object: storedUuid(object),
      text: storedText(text),
    };
  });
}

/** How the log has its entries: a stub of what was dropped counts as the revision that it was. */
export const KINDS = ["revision", "purge", "dropped"] as const;

function kindOf(stored: number): EntryRow["kind"] {
  return KINDS[stored] === "purge" ? "purge" : "revision";
}

export function readEntry(db: Db, id: string): EntryRow | undefined {
  const row = prepared(db, `SELECT ${ENTRY_COLUMNS} WHERE r.id = ? AND r.record <> x''`).get(
    uuidBlob(id),
  );
  return row === undefined ? undefined : entryRow(row as Row);
}

function entryRow(row: Row): EntryRow {
  return {
    lsn: row.lsn as Lsn,
    kind: kindOf(row.kind as number),
    id: storedUuid(row.id),
    object: storedUuid(row.uuid),
    text: storedBytes(row.record).toString(),
    hash: storedBytes(row.hash).toString("hex"),
    changeset: row.changeset === null ? null : storedBytes(row.changeset).toString(),
    source: row.src as InstanceId | null,
  };
}

/** See `Store.positionOf`. */
export function readPosition(
  db: Db,
  since: { readonly id: string } | { readonly hlc: number },
): Lsn | undefined {
  if ("hlc" in since) {
    const first = prepared(db, "SELECT min(lsn) FROM rev INDEXED BY rev_actor WHERE hlc > ?")
      .pluck()
      .get(since.hlc) as Lsn | null;
    const end = prepared(db, "SELECT max(lsn) FROM rev").pluck().get() as Lsn | null;
    return first === null ? (end ?? 0) : first - 1;
  }
  const id = uuidBlob(since.id);
  const revision = prepared(db, "SELECT lsn FROM rev WHERE id = ?").pluck().get(id);
  if (revision !== undefined) return revision as Lsn;
  const changeset = prepared(db, "SELECT id FROM changeset WHERE uuid = ?").pluck().get(id);
  if (changeset === undefined) return undefined;
  return prepared(db, "SELECT lsn FROM rev WHERE cs = ? ORDER BY lsn DESC LIMIT 1")
    .pluck()
    .get(changeset) as Lsn | undefined;
}

const OBJECT_COLUMNS = `o.oid, o.uuid, o.type, o.nheads, o.body, o.body_hash, o.name, o.deleted,
    o.changed, o.merge, o.parked, o.ename, o.canonical, r.id, CASE WHEN o.body IS NULL THEN r.record END AS record
  FROM obj o JOIN rev r ON r.lsn = o.served`;

export function readObject(db: Db, id: string): ObjectRow | undefined {
  const row = prepared(db, `SELECT ${OBJECT_COLUMNS} WHERE o.uuid = ?`).get(uuidBlob(id));
  return row === undefined ? undefined : objectRow(db, row as Row);
}

export function readObjects(db: Db, filter: ObjectFilter): ObjectRow[] {
  const where: string[] = [];
  const values: Row = { limit: filter.limit };
  const add = (clause: string, name: string, value: unknown): void => {
    where.push(clause);
    values[name] = value;
  };
  if (filter.type !== undefined) add("o.type = @type", "type", filter.type);
  if (filter.name !== undefined) {
    add(
      "(ifnull(o.nkey, o.name) = @key AND o.ename IS NULL OR o.ename = @name)",
      "name",
      filter.name,
    );
    values.key = nameKey(filter.name);
  }
  if (filter.includeDeleted !== true) where.push("o.deleted = 0");
  if (filter.after !== undefined) add("o.uuid > @after", "after", uuidBlob(filter.after));
  if (filter.idPrefix !== undefined) {
    const range = uuidRange(filter.idPrefix);
    if (range === undefined) return [];
    add("o.uuid >= @from", "from", range.from);
    add("o.uuid <= @to", "to", range.to);
  }
  const clause = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`;
  const rows = prepared(db, `SELECT ${OBJECT_COLUMNS} ${clause} ORDER BY o.uuid LIMIT @limit`).all(
    values,
  ) as Row[];
  return rows.map((row) => objectRow(db, row));
}

function objectRow(db: Db, row: Row): ObjectRow {
  const newest = storedUuid<RevisionId>(row.id);
  const heads = row.nheads === 1 ? [newest] : headIds(db, row.oid as number).sort(compareCodeUnits);
  const uuid = storedUuid<ObjectId>(row.uuid);
  return {
    id: uuid,
    type: row.type as string,
    name: row.name as string | null,
    effectiveName: row.deleted === 0 ? ((row.ename ?? row.name) as string | null) : null,
    canonical: row.canonical === null ? uuid : storedUuid(row.canonical),
    deleted: row.deleted === 1,
    parked: row.parked === 1,
    heads,
    revision: row.merge === null ? newest : storedUuid(row.merge),
    text: (row.body as string | null) ?? textOfCreation(row.record as Buffer | null, `obj ${uuid}`),
    bodyHash: storedBytes(row.body_hash).toString("hex"),
    lsn: row.changed as Lsn,
  };
}

export function headIds(db: Db, oid: number): ObjectRow["revision"][] {
  const rows = prepared(db, "SELECT r.id FROM head h JOIN rev r ON r.lsn = h.lsn WHERE h.oid = ?")
    .pluck()
    .all(oid);
  return rows.map((id) => storedUuid(id));
}

export function readCounts(db: Db): StoreCounts {
  const count = (sql: string): number => prepared(db, sql).pluck().get() as number;
  const types = prepared(
    db,
    "SELECT type, count(*) FROM obj WHERE deleted = 0 GROUP BY type ORDER BY type",
  )
    .raw()
    .all() as [string, number][];
  return {
    objects: Object.fromEntries(types),
    deleted: count("SELECT count(*) FROM obj WHERE deleted = 1"),
    purged: count("SELECT count(*) FROM obj WHERE nheads = 0 AND deleted = 2"),
    shunned: count("SELECT count(*) FROM obj WHERE nheads = 0 AND deleted = 3"),
    departed: count("SELECT count(DISTINCT oid) FROM departure"),
    revisions: count("SELECT coalesce(max(lsn), 0) FROM rev"),
    changesets: count("SELECT count(*) FROM changeset"),
    diverged: count("SELECT count(DISTINCT oid) FROM head"),
    openConflicts: count("SELECT count(*) FROM conflict WHERE status = 'open'"),
    parked: count("SELECT count(*) FROM obj WHERE parked = 1"),
    quarantined: count("SELECT count(*) FROM quarantine"),
    refusedPurges: count("SELECT count(*) FROM quarantine WHERE code = 'PURGE_REFUSED'"),
  };
}

export function* digestRows(db: Db): Generator<DigestRow> {
  const diverged = new Set(prepared(db, "SELECT DISTINCT oid FROM head").pluck().all() as number[]);
  const heads = new Map([...diverged].map((oid) => [oid, headIds(db, oid)]));
  const rows = prepared(
    db,
    `SELECT o.oid, o.uuid, o.body_hash, CASE o.deleted WHEN 0 THEN ifnull(o.ename, o.name) END, r.id,
         o.parked
       FROM obj o JOIN rev r ON r.lsn = o.served`,
  )
    .raw()
    .iterate() as Iterable<[number, Buffer, Buffer, string | null, Buffer, number]>;
  for (const [oid, uuid, hash, name, served, parked] of rows) {
    yield {
      id: storedUuid<ObjectId>(uuid),
      heads: heads.get(oid) ?? [storedUuid(served)],
      bodyHash: storedBytes(hash).toString("hex"),
      effectiveName: name,
      parked: parked === 1,
    };
  }
}

/** The ids of the objects with several heads, and of those that wait or waited for a newer version. */
export function mergedIds(db: Db): ObjectId[] {
  const rows = prepared(db, "SELECT uuid FROM obj WHERE nheads > 1 OR parked > 0").pluck().all();
  return rows.map((uuid) => storedUuid(uuid));
}

/** What objects go by that do not go by their own name. */
export function derivedNames(db: Db): { id: ObjectId; name: string }[] {
  const rows = prepared(db, "SELECT uuid, ename FROM obj WHERE ename IS NOT NULL").raw().all();
  return (rows as [Buffer, string][]).map(([id, name]) => ({ id: storedUuid(id), name }));
}

/** The ids of the purged objects. */
export function purgedIds(db: Db): ObjectId[] {
  const rows = prepared(db, "SELECT uuid FROM obj WHERE nheads = 0 AND deleted = 2").pluck().all();
  return rows.map((uuid) => storedUuid(uuid));
}

/** The purge records after a position, in log order. */
export function readPurges(db: Db, after: Lsn): string[] {
  const rows = prepared(db, "SELECT record FROM rev WHERE kind = 1 AND lsn > ? ORDER BY lsn")
    .pluck()
    .all(after);
  return rows.map((record) => storedBytes(record).toString());
}

export function readCursor(db: Db, peer: InstanceId, scope: string): Cursor | undefined {
  const ladder = prepared(
    db,
    `SELECT ladder FROM cursor WHERE scope = ? AND peer = (SELECT id FROM peer WHERE uuid = ?)`,
  )
    .pluck()
    .get(scope, peer) as string | undefined;
  return ladder === undefined
    ? undefined
    : { peer, scope, ladder: parseStored<Rung[]>(ladder, `cursor ${scope}`) };
}

export function readLinks(db: Db): LinkRow[] {
  const rows = prepared(db, "SELECT document FROM link ORDER BY name").pluck().all() as string[];
  return rows.map((document) => parseStored<LinkRow>(document, "link"));
}

export function readRuns(
  db: Db,
  filter: { readonly link?: string; readonly limit: number },
): RunRow[] {
  const rows = prepared(
    db,
    "SELECT document FROM run WHERE link = ifnull(@link, link) ORDER BY seq DESC LIMIT @n",
  )
    .pluck()
    .all({ link: filter.link ?? null, n: filter.limit }) as string[];
  return rows.map((document) => parseStored<RunRow>(document, "run"));
}

/** Past this share of the log, the index answers faster than the log's tail. */
const TAIL_SHARE_MAX = 0.2;

export function countObjectsReceived(db: Db, peer: InstanceId, within: readonly Stretch[]): number {
  const end = prepared(db, "SELECT coalesce(max(lsn), 0) FROM rev").pluck().get() as Lsn;
  const size = within.reduce((sum, [after, to]) => sum + to - after, 0);
  const [first] = within;
  const isMost = within.length === 1 && size > end * TAIL_SHARE_MAX;
  const [from, values] = isMost
    ? ["rev INDEXED BY rev_object WHERE lsn > ? AND lsn <= ?", [...(first as Stretch)]]
    : [
        "json_each(?) s CROSS JOIN rev ON lsn > s.value ->> 0 AND lsn <= s.value ->> 1 WHERE true",
        [JSON.stringify(within)],
      ];
  return prepared(
    db,
    `SELECT count(DISTINCT oid) FROM ${from} AND src = (SELECT id FROM peer WHERE uuid = ?)`,
  )
    .pluck()
    .get(...values, peer) as number;
}

export function readQuarantine(db: Db): QuarantineRow[] {
  const rows = prepared(
    db,
    `SELECT q.key, q.id, q.code, q.message, q.waits_for AS waitsFor, p.uuid AS source, q.received_ms, q.bytes
       FROM quarantine q LEFT JOIN peer p ON p.id = q.src ORDER BY q.received_ms, q.key`,
  ).all() as (Omit<QuarantineRow, "received"> & { received_ms: number })[];
  return rows.map(({ received_ms, ...row }) => ({
    ...row,
    received: new Date(received_ms).toISOString(),
  }));
}
