import type { LogChecker } from "./world-state.ts";

/** No revision stands in a log before its parents. */
export function parentsFirst(): LogChecker {
  const seen = new Set<string>();
  return {
    next({ lsn, id, parents }) {
      const missing = parents.find((parent) => !seen.has(parent));
      seen.add(id);
      return missing && `revision ${id} stands at ${lsn}, its parent ${missing} does not before`;
    },
  };
}
