import { SynclineError } from "../../base/errors.ts";
import type { InstanceId, Lsn } from "../../base/ids.ts";
import { stubLine } from "../../log/stub.ts";
import { type Db, prepared } from "./database.ts";
import { loggedUuid, storedBytes } from "./stored-values.ts";

/** The row numbers of an instance's actors, but for those of some epochs. */
export function actorRows(
  db: Db,
  instance: InstanceId,
  except: readonly string[] = [],
): Set<number> {
  const find = "SELECT id, uuids FROM actor WHERE uuids > ? AND uuids < ?";
  const rows = prepared(db, find).raw().all(`${instance}/`, `${instance}0`);
  const left = new Set(except.map((epoch) => `${instance}/${epoch}`));
  return new Set(
    (rows as [number, string][]).flatMap(([id, actor]) => (left.has(actor) ? [] : [id])),
  );
}

export function peerRow(db: Db, peer: InstanceId): number | undefined {
  return prepared(db, "SELECT id FROM peer WHERE uuid = ?").pluck().get(peer) as number | undefined;
}

/** What travels of a revision whose object is gone: enough to follow the chain. */
export function stubOf(db: Db, lsn: Lsn): Uint8Array {
  const row = prepared(db, "SELECT id, hash FROM rev WHERE lsn = ?").raw().get(lsn) as [
    Buffer,
    Buffer,
  ];
  return stubLine(loggedUuid(row[0]), storedBytes(row[1]));
}

export function changesetRecord(db: Db, cs: number, lsn: Lsn): Buffer {
  const record = prepared(db, "SELECT record FROM changeset WHERE id = ?").pluck().get(cs);
  if (record !== undefined) return storedBytes(record);
  throw new SynclineError("STORE_CORRUPT", "the changeset of a log entry is missing", {
    where: `rev lsn=${lsn}`,
    hint: "run syncline verify, or go back to a backup",
  });
}
