import { SynclineError } from "../base/errors.ts";
import { isoToHlc } from "../base/hlc.ts";
import { isUuid, type Lsn } from "../base/ids.ts";
import type { Instance } from "../instance/instance.ts";

/**
 * The log position after which "since X" begins: X is a revision id, a changeset id, a position or
 * an ISO 8601 time. Throws `REVISION_NOT_FOUND`, `USAGE`.
 */
export async function positionSince(instance: Instance, since: string): Promise<Lsn> {
  if (/^\d{1,15}$/.test(since)) return Number(since);
  if (isUuid(since.toLowerCase())) {
    const position = await instance.store.positionOf({ id: since.toLowerCase() });
    if (position !== undefined) return position;
    throw new SynclineError("REVISION_NOT_FOUND", `no revision or changeset ${since} here`);
  }
  const hlc = isoToHlc(since);
  if (hlc !== undefined) return (await instance.store.positionOf({ hlc })) ?? 0;
  throw new SynclineError("USAGE", `cannot tell what "${since}" means`, {
    where: "--since",
    hint: "give a revision id, a changeset id, a log position or a time like 2026-01-15T10:20:00Z",
  });
}
