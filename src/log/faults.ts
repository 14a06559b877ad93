import { SynclineError } from "../base/errors.ts";
import { BATCH_RECORDS_MAX } from "../base/limits.ts";

/** The errors that end a batch; everything else is refused record by record. */

export function actorFork(actor: string, seq: number, one: string, other: string): SynclineError {
  return new SynclineError(
    "ACTOR_FORK",
    `two revisions carry number ${seq} of actor ${actor}: ${one}, ${other}`,
    { hint: "one of the instances is a copy of another; give the copy an identity of its own" },
  );
}

export function tooManyRecords(): SynclineError {
  return new SynclineError("INPUT_TOO_LARGE", `a batch has over ${BATCH_RECORDS_MAX} lines`, {
    hint: "these are probably no revision records, or they come in too large a piece",
  });
}
