import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Pin, Write } from "../model/record.ts";
import { type Decision, type MergedState, stateAt } from "./evaluate.ts";
import type { Graph } from "./graph.ts";
import { expandWrites, flagsAbove, isLive, type Leaf } from "./leaf-writes.ts";
import type { Policy } from "./policy.ts";
import type { Candidate } from "./survivors.ts";

/**
 * The pins of a revision authored over an open merge: for each path in conflict that it does not
 * write itself, what its author saw there. Whoever saves something unrelated over a merge thereby
 * decides nothing, and his revision has the same content under every policy.
 */
export function pinsFor(
  state: MergedState,
  writes: ReadonlyMap<string, Leaf>,
  sourcesOf: (candidate: Candidate) => readonly RevisionId[],
): Pin[] {
  const touched = new Set<string>();
  for (const [path, value] of writes) {
    if (!isLive(path, value)) continue;
    for (const flag of flagsAbove(path)) if (!state.leaves.has(flag)) touched.add(flag);
  }
  const pins = new Map<string, Pin>();
  for (const { path, kind } of state.conflicts) {
    if (writes.has(path) || touched.has(path)) continue;
    if (pins.has(path) && kind !== "structure") continue;
    const decision = state.decided.get(path) as Decision;
    const merged = kind === "structure" || decision.rule === "text";
    const value = state.leaves.get(path);
    const of = [...new Set(decision.winners.flatMap(sourcesOf))].sort(compareCodeUnits);
    const seen = value === undefined ? { path, of } : { path, value, of };
    pins.set(path, merged ? { ...seen, merged } : seen);
  }
  return [...pins.values()].sort((a, b) => compareCodeUnits(a.path, b.path));
}

/** Provisional. */
export function pinsOver(
  graph: Graph,
  frontier: readonly RevisionId[],
  policy: Policy,
  patch: readonly Write[],
): Pin[] {
  if (frontier.length < 2) return [];
  return pinsFor(stateAt(graph, frontier, policy), expandWrites(patch), ({ revision }) => [
    revision,
  ]);
}
