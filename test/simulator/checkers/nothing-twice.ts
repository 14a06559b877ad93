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

/** What applying said it stored is what came in: no revision was counted twice. */
export const countedOnce: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, log, appliedCount }) => {
    const received = log.filter(({ source }) => source !== null).length;
    if (received === appliedCount) return [];
    return [`${name}: applying counted ${appliedCount} revisions, the log received ${received}`];
  });
