import type { Checker, LogChecker } from "./world-state.ts";

/** Each revision stands once in a log, and positions have no gap. */
export function loggedOnce(): LogChecker {
  const seen = new Map<string, number>();
  let last = 0;
  return {
    next({ lsn, id }) {
      if (lsn !== last + 1) return `entry ${lsn} follows entry ${last}`;
      last = lsn;
      const before = seen.get(id);
      seen.set(id, lsn);
      if (before !== undefined) return `revision ${id} stands at ${before} and at ${lsn}`;
      return undefined;
    },
  };
}

/**
 * No revision was counted twice: what applying said it stored is what came in, and the records of
 * runs name no more (less, where a crash took the record of a run).
 */
export const countedOnce: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, log, appliedCount, recordedCount }) => {
    const received = log.filter(({ source }) => source !== null).length;
    if (received === appliedCount && recordedCount <= received) return [];
    const counted = `applying counted ${appliedCount} revisions, runs ${recordedCount}`;
    return [`${name}: ${counted}, the log received ${received}`];
  });
