import type { Lsn, ObjectId } from "../base/ids.ts";
import { removalsHeld } from "../log/faults.ts";
import type { LogReader } from "../log/reader.ts";
import type { LogWrites } from "../log/writes.ts";
import type { ApplyOutcome, RemovalAllowance } from "./store.ts";

type Counts = Pick<ApplyOutcome, "removed" | "restored">;
type Reader = Pick<LogReader, "objectState" | "revisionsOf" | "knownRevision">;

/** Throws `REMOVALS_HELD` where more would go than may. */
export function checkRemovals(
  allowed: RemovalAllowance | undefined,
  { removed, restored }: Counts,
): void {
  if (allowed === undefined || removed === 0) return;
  const { before, max, hint } = allowed;
  const sum = before + removed - restored;
  if (sum > max) throw removalsHeld(sum, max, hint);
}

/**
 * What a batch removes and brings back, without the objects that are here only since
 * {@link RemovalAllowance.since}: they came in one batch and go in another, which takes nothing away.
 * Nor does it count that something comes back which was gone before: one object does not stand for
 * another. Asked before the batch is written.
 */
export function countedRemovals(
  reader: Reader,
  allowed: RemovalAllowance | undefined,
  { objects, gone }: Pick<LogWrites, "objects" | "gone">,
  { removed, restored }: Counts,
): Counts {
  const since = allowed?.since;
  if (since === undefined || removed + restored === 0) return { removed, restored };
  const counts = { removed, restored };
  const changed = objects.filter(({ isNew }) => !isNew);
  for (const { id, deleted } of [...changed, ...gone.map(asDeleted)]) {
    if ((deleted ? removed : restored) === 0) continue;
    const before = reader.objectState(id);
    if (before === undefined || before.deleted === deleted) continue;
    const isCounted = isHereAt(reader, id, since) && (deleted || isChangedAfter(reader, id, since));
    if (!isCounted) counts[deleted ? "removed" : "restored"] -= 1;
  }
  return counts;
}

function asDeleted({ id }: { readonly id: ObjectId }): { id: ObjectId; deleted: boolean } {
  return { id, deleted: true };
}

/** True for an object that something came of after the log ended at `lsn`. */
function isChangedAfter(reader: Reader, object: ObjectId, lsn: Lsn): boolean {
  const last = reader.revisionsOf(object).at(-1);
  const known = last && reader.knownRevision(last.id);
  return known !== undefined && known.lsn > lsn;
}

/** True for an object that was here already when the log ended at `lsn`. */
function isHereAt(reader: Reader, object: ObjectId, lsn: Lsn): boolean {
  const first = reader.revisionsOf(object)[0];
  const known = first && reader.knownRevision(first.id);
  return known === undefined || known.lsn <= lsn;
}
