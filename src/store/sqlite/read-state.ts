import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import {
  type ActorId,
  epochOf,
  type InstanceId,
  isUuid,
  type Lsn,
  type ObjectId,
  type RevisionId,
  uuidBytes,
} from "../../base/ids.ts";
import type { History } from "../../log/merged-text.ts";
import { inForce } from "../../log/policies.ts";
import type { PolicyRecord } from "../../log/policy-record.ts";
import type { LogHead, PolicyInForce } from "../../log/reader.ts";
import { contentAtRevision, knownFrom } from "../../log/replay.ts";
import { parseStored, parseStoredRevision } from "../../log/stored-json.ts";
import type { Content } from "../../model/content.ts";
import type { Revision } from "../../model/record.ts";
import { type Db, prepared } from "./database.ts";
import { storedBytes } from "./stored-values.ts";

export function readHead(db: Db): LogHead {
  const row = prepared(db, "SELECT lsn, chain FROM rev ORDER BY lsn DESC LIMIT 1").raw().get() as
    | [Lsn, Buffer]
    | undefined;
  if (row === undefined) return { lsn: 0, chain: CHAIN_START };
  return { lsn: row[0], chain: storedBytes(row[1]) };
}

/** The content at a revision. Throws `REVISION_NOT_FOUND` and `OBJECT_PARKED`. */
export function readContentAt(db: Db, id: RevisionId): Content {
  const find = prepared(db, "SELECT lsn, record FROM rev WHERE id = ?").raw();
  const snapshot = prepared(db, "SELECT body FROM snap WHERE lsn = ?").pluck();
  return contentAtRevision(id, (at) => {
    const row = (isUuid(at) ? find.get(uuidBytes(at)) : undefined) as [Lsn, Buffer] | undefined;
    if (row === undefined) return undefined;
    const [lsn, record] = row;
    const body = snapshot.get(lsn) as string | undefined;
    if (body !== undefined) return knownFrom(body, `snap lsn=${lsn}`);
    return { record: parseStoredRevision(record.toString(), `rev lsn=${lsn}`) };
  });
}

/** A stored revision's record. Throws `REVISION_NOT_FOUND`. */
export function readRevision(db: Db, id: RevisionId): Revision {
  const find = prepared(db, "SELECT lsn, record FROM rev WHERE id = ?").raw();
  const row = find.get(uuidBytes(id)) as [Lsn, Buffer] | undefined;
  if (row === undefined) {
    throw new SynclineError("REVISION_NOT_FOUND", `no revision ${id}`, { where: id });
  }
  return parseStoredRevision(row[1].toString(), `rev lsn=${row[0]}`);
}

/** The stored history as merging asks for it. */
export function historyIn(db: Db): History {
  const generation = prepared(db, "SELECT gen FROM rev WHERE id = ?").pluck();
  return {
    revision: (id) => readRevision(db, id),
    generation: (id) => generation.get(uuidBytes(id)) as number,
    content: (id) => readContentAt(db, id),
  };
}

/** An object's revisions in log order. */
export function readRevisionsOf(db: Db, id: ObjectId): Revision[] {
  // One by one: the bytes of thousands of heads beside what is made of them would be as much again.
  const rows = prepared(
    db,
    `SELECT lsn, record FROM rev
      WHERE oid = (SELECT oid FROM obj WHERE uuid = ?) AND kind = 0 ORDER BY lsn`,
  )
    .raw()
    .iterate(uuidBytes(id)) as IterableIterator<[Lsn, Buffer]>;
  return Array.from(rows, ([lsn, record]) =>
    parseStoredRevision(record.toString(), `rev lsn=${lsn}`),
  );
}

/** All policy records, parents first. */
export function readPolicyRecords(db: Db): PolicyRecord[] {
  const rows = prepared(db, "SELECT record FROM policy ORDER BY seq").pluck().all() as string[];
  return rows.map((text, at) => parseStored<PolicyRecord>(text, `policy ${at + 1}`));
}

export function readPolicy(db: Db): PolicyInForce {
  return inForce(readPolicyRecords(db));
}

/** The highest number that entries of each of an instance's actors bear, by epoch. */
export function readNumbers(db: Db, instance: InstanceId): ReadonlyMap<string, number> {
  const last = "(SELECT max(aseq) FROM rev WHERE actor = actor.id)";
  const sql = `SELECT uuids, ${last} AS seq FROM actor WHERE uuids > ? AND uuids < ? ORDER BY id`;
  const rows = prepared(db, sql).raw().all(`${instance}/`, `${instance}0`);
  const numbers = (rows as [ActorId, number | null][]).map(
    ([actor, seq]) => [epochOf(actor), seq ?? 0] as const,
  );
  return new Map(numbers.filter(([, seq]) => seq > 0));
}
