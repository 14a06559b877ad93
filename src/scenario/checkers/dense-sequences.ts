import type { RevisionId } from "../../base/ids.ts";
import type { Authored, LogChecker } from "./world-state.ts";

/**
 * The revisions of one actor come in the order of their numbers, none left out. That holds at every
 * moment as long as links carry everything: each log holds a beginning of each actor's history.
 * What is gone anywhere may be left out, or come by another way; where two machines wrote as one
 * actor, what they wrote comes in any order; what was refused comes late. Who was set back or copied gets
 * back of its own what others hold, and these may hold a part; what that builds on comes with it.
 */
export function denseSequences(authored: Authored, refused: ReadonlySet<RevisionId>): LogChecker {
  const newest = new Map<string, number>();
  return {
    next({ id, actor, seq, object }) {
      if (authored.isGone(object) || authored.isForked(actor, seq)) return undefined;
      if (refused.has(id) || authored.comesInPart(actor) || authored.comesEarly(id))
        return undefined;
      const last = newest.get(actor) ?? 0;
      newest.set(actor, seq);
      if (seq > last && numbersBetween(last, seq).every(mayMiss(authored, refused, actor)))
        return undefined;
      return `revision ${id} has number ${seq} of actor ${actor}, after number ${last}`;
    },
  };
}

function mayMiss(
  authored: Authored,
  refused: ReadonlySet<RevisionId>,
  actor: LoggedActor,
): (seq: number) => boolean {
  return (seq) => {
    const id = authored.idOf(actor, seq);
    if (id !== undefined && (refused.has(id) || authored.comesEarly(id))) return true;
    const object = authored.objectOf(actor, seq);
    return object === undefined || authored.isGone(object);
  };
}

function numbersBetween(last: number, seq: number): number[] {
  return Array.from({ length: seq - last - 1 }, (_, index) => last + 1 + index);
}

type LoggedActor = Parameters<Authored["objectOf"]>[0];
