import type { Checker, LogChecker } from "./world-state.ts";

/** Each revision stands once in a log, and positions rise. */
export function loggedOnce(): LogChecker {
  const seen = new Map<string, number>();
  let last = 0;
  return {
    next({ lsn, id }) {
      if (lsn <= last) return `entry ${lsn} follows entry ${last}`;
      last = lsn;
      const before = seen.get(id);
      seen.set(id, lsn);
      if (before !== undefined) return `revision ${id} stands at ${before} and at ${lsn}`;
      return undefined;
    },
    dropped(ids) {
      for (const id of ids) seen.delete(id);
    },
  };
}

/**
 * Nothing was counted twice: what applying said it stored is what came into the log, and the records
 * of runs name no more (less, where a crash took the record of a run).
 */
export const countedOnce: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, receivedCount, appliedCount, recordedCount }) => {
    if (receivedCount === appliedCount && recordedCount <= receivedCount) return [];
    const counted = `applying counted ${appliedCount} entries, runs ${recordedCount}`;
    return [`${name}: ${counted}, the log received ${receivedCount}`];
  });
