import type { LogChecker } from "./world-state.ts";

/**
 * The stamps that an actor's clock gave out rise with its numbers, whatever the wall clock did and
 * whoever was restarted in between. A stamp that a parent raised says nothing: it moves no clock.
 */
export function stampsRise(): LogChecker {
  const newest = new Map<string, number>();
  const stampOf = new Map<string, number>();
  return {
    next({ id, actor, hlc, parents }) {
      stampOf.set(id, hlc);
      const isRaised = parents.some((parent) => hlc === (stampOf.get(parent) ?? 0) + 1);
      const last = newest.get(actor) ?? 0;
      if (isRaised || hlc > last) {
        newest.set(actor, Math.max(last, isRaised ? 0 : hlc));
        return undefined;
      }
      return `revision ${id} of actor ${actor} bears the stamp ${hlc}, after ${last}`;
    },
  };
}
