import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import { type InstanceId, type Lsn, type RevisionId, uuidBytes } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import type { LogHead } from "../../log/reader.ts";
import type { Content } from "../../model/content.ts";
import { contentTextOfCreation } from "../../model/creation.ts";
import { applyWrites } from "../../model/patch.ts";
import type { Revision } from "../../model/record.ts";
import type { Identity } from "../rows.ts";
import { type Db, prepared } from "./database.ts";

export function readIdentity(db: Db): Identity {
  const value = (key: string): string =>
    prepared(db, "SELECT value FROM meta WHERE key = ?").pluck().get(key) as string;
  return { instance: value("instance") as InstanceId, name: value("name"), epoch: value("epoch") };
}

export function readHead(db: Db): LogHead {
  const row = prepared(db, "SELECT lsn, chain FROM rev ORDER BY lsn DESC LIMIT 1").raw().get() as
    | [Lsn, Buffer]
    | undefined;
  return row === undefined ? { lsn: 0, chain: CHAIN_START } : { lsn: row[0], chain: row[1] };
}

/** The canonical content inside a stored creation record. */
export function textOfCreation(record: Buffer | null): string {
  if (record === null) throw new SynclineError("STORE_CORRUPT", "a served record is missing");
  const text = record.toString();
  const content = contentTextOfCreation(JSON.parse(text) as Revision, text);
  if (content === undefined) {
    throw new SynclineError("STORE_CORRUPT", "an object without body is served by no creation");
  }
  return content;
}

/**
 * The content at a revision: back to the nearest whole content (a creation or a snapshot), then
 * forward patch by patch. Throws `REVISION_NOT_FOUND`.
 */
export function readContentAt(db: Db, id: RevisionId): Content {
  const find = prepared(
    db,
    `SELECT r.record, s.body FROM rev r LEFT JOIN snap s ON s.lsn = r.lsn WHERE r.id = ?`,
  );
  const later: Revision[] = [];
  let content: Content | undefined;
  for (let next: RevisionId | undefined = id; next !== undefined; ) {
    const row = find.get(uuidBytes(next)) as { record: Buffer; body: string | null } | undefined;
    if (row === undefined) throw new SynclineError("REVISION_NOT_FOUND", `no revision ${next}`);
    if (row.body !== null) {
      content = JSON.parse(row.body) as JsonObject;
      break;
    }
    const revision = JSON.parse(row.record.toString()) as Revision;
    later.push(revision);
    next = revision.parents[0];
  }
  for (const { patch } of later.reverse()) content = applyWrites(content, patch);
  return content as Content;
}
