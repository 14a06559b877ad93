import type { DraftObject } from "./draft-object.ts";

/** What is counted of a plan. */
export interface DraftCounts {
  readonly merged: number;
  /** Those that were not there before. */
  readonly newConflicts: number;
  /** Objects that were live and are deleted or gone now, and deleted ones that are live now. */
  readonly removed: number;
  readonly restored: number;
}

/** How many of the changed objects are deleted now, and how many came back. */
export function removalsAmong(
  changed: readonly DraftObject[],
): Pick<DraftCounts, "removed" | "restored"> {
  let [removed, restored] = [0, 0];
  for (const { isNew, wasLive, shown } of changed) {
    if (wasLive && shown.deleted) removed += 1;
    else if (!isNew && !wasLive && !shown.deleted) restored += 1;
  }
  return { removed, restored };
}
