import { compareCodeUnits } from "../base/canonical.ts";
import { type ActorId, instanceOf } from "../base/ids.ts";
import { isFlag, type Leaf } from "./leaf-writes.ts";
import type { Policy, Strategy } from "./policy.ts";
import type { Region } from "./region.ts";
import type { Candidate } from "./survivors.ts";

/**
 * The winner among candidates: by preference between edit and deletion, then priority, then hybrid
 * time, then revision id. Every part is replicated data, so every instance chooses the same.
 */
export function chooseRegister(
  region: Region,
  path: string,
  candidates: readonly Candidate[],
  strategy: Strategy,
  deletes: Policy["deletes"],
): Candidate {
  const editWins = strategy === "set" || deletes === "edit-wins";
  const preferred = (value: Leaf): number =>
    (value === undefined) === (isFlag(path) === editWins) ? 1 : 0;
  const rank = (candidate: Candidate): [number, number, number] => {
    const { actor, hlc } = region.revisions[candidate.by] as { actor: ActorId; hlc: number };
    return [preferred(candidate.value), priorityOf(strategy, actor), hlc];
  };
  return candidates.reduce((best, next) =>
    (compare(rank(next), rank(best)) || compareCodeUnits(next.revision, best.revision)) > 0
      ? next
      : best,
  );
}

function priorityOf(strategy: Strategy, actor: ActorId): number {
  if (typeof strategy === "string") return 0;
  const place = strategy.priority.indexOf(instanceOf(actor));
  return place < 0 ? Number.NEGATIVE_INFINITY : -place;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) {
    const [left, right] = [a[at] as number, b[at] as number];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
