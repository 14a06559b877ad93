import type { LogChecker } from "./world-state.ts";

/**
 * The revisions of one actor come in the order of their numbers, none left out. That holds at every
 * moment as long as links carry everything: each log holds a beginning of each actor's history.
 */
export function denseSequences(): LogChecker {
  const newest = new Map<string, number>();
  return {
    next({ id, actor, seq }) {
      const last = newest.get(actor) ?? 0;
      newest.set(actor, seq);
      if (seq === last + 1) return undefined;
      return `revision ${id} has number ${seq} of actor ${actor}, after number ${last}`;
    },
  };
}
