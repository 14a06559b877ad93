import type { RevisionId } from "../../base/ids.ts";
import type { Authored, LogChecker } from "./world-state.ts";

/**
 * The stamps that an actor's clock gave out rise with its numbers, whatever the wall clock did and
 * whoever was restarted in between. A stamp that a parent raised says nothing: it moves no clock.
 * Nor do the stamps of what is gone: that may come by another way, and purges travel ahead; nor those of
 * what was refused first, nor of what is got back in part, or with what builds on it.
 */
export function stampsRise(authored: Authored, refused: ReadonlySet<RevisionId>): LogChecker {
  const newest = new Map<string, number>();
  const stampOf = new Map<string, number>();
  return {
    next({ id, actor, seq, object, hlc, parents }) {
      stampOf.set(id, hlc);
      if (authored.isForked(actor, seq) || refused.has(id)) return undefined;
      if (authored.comesInPart(actor) || authored.comesEarly(id)) return undefined;
      const isRaised = parents.some((parent) => hlc === (stampOf.get(parent) ?? 0) + 1);
      const last = newest.get(actor) ?? 0;
      if (isRaised || hlc > last || authored.isGone(object)) {
        newest.set(actor, Math.max(last, isRaised || authored.isGone(object) ? 0 : hlc));
        return undefined;
      }
      return `revision ${id} of actor ${actor} bears the stamp ${hlc}, after ${last}`;
    },
  };
}
