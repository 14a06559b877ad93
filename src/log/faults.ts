import { SynclineError } from "../base/errors.ts";
import { type ActorId, instanceOf, type RevisionId } from "../base/ids.ts";
import { BATCH_RECORDS_MAX } from "../base/limits.ts";

/** The errors that end a batch; everything else is refused record by record. */

/** `here` and `came` are the revisions that bear one number. */
export function actorFork(actor: ActorId, seq: number, here: string, came: string): SynclineError {
  const instance = instanceOf(actor);
  const message = `the instance ${instance} numbered two revisions ${seq}`;
  return new SynclineError("ACTOR_FORK", `${message}: ${here} is here, ${came} came`, {
    where: instance,
    hint:
      "two copies of it are in use, and nothing of either is lost: give the copy an identity of " +
      "its own (in its folder: syncline instance new-identity --name NEW), then sync both again",
  });
}

/** An object builds on a revision that is not in the log: only damage can do that. */
export function revisionMissing(id: RevisionId): SynclineError {
  return new SynclineError("STORE_CORRUPT", `the revision ${id} of an object is not in the log`, {
    where: id,
    hint: "run syncline verify, or go back to a backup",
  });
}

export function tooManyRecords(): SynclineError {
  return new SynclineError("INPUT_TOO_LARGE", `a batch has over ${BATCH_RECORDS_MAX} lines`, {
    hint: "these are probably no revision records, or they come in too large a piece",
  });
}

/** `removed` live objects would go, of which `max` may. */
export function removalsHeld(removed: number, max: number, hint: string): SynclineError {
  const objects = `${removed} live ${removed === 1 ? "object" : "objects"}`;
  const message = `${objects} would be deleted or purged, and ${max} may be at once`;
  return new SynclineError("REMOVALS_HELD", message, { hint });
}

/** Faults of this store, which are no fault of the record in hand. */
export const STORE_FAULTS: ReadonlySet<string> = new Set([
  ...["STORE_CORRUPT", "STORE_IO", "REVISION_NOT_FOUND"],
]);
