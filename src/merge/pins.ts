import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Pin, Write } from "../model/record.ts";
import type { Decision } from "./decide.ts";
import { type MergedState, stateAt } from "./evaluate.ts";
import type { Graph } from "./graph.ts";
import { expandWrites, flagsAbove, isLive } from "./leaf-writes.ts";
import type { Policy } from "./policy.ts";
import { decisionAt } from "./writers.ts";

/**
 * The pins of a revision authored over a frontier: what its author saw, under his policy,
 *
 * - at each path in conflict that he does not write himself (nor touch, where he saw no deletion),
 * - at the flag of each deleted unit that he writes below and leaves deleted, also over one parent.
 *
 * Whoever saves something unrelated over a merge thereby decides nothing, and his revision has the
 * same content under every policy. Sorted by path; a pin names edits, never another pin.
 */
export function pinsOver(
  graph: Graph,
  frontier: readonly RevisionId[],
  policy: Policy,
  patch: readonly Write[],
  state: MergedState = stateAt(graph, frontier, policy),
): Pin[] {
  const writes = expandWrites(patch);
  const settled = new Set(writes.keys());
  const inDeleted = new Set<string>();
  for (const [path, value] of writes) {
    for (const flag of flagsAbove(path)) {
      if (state.leaves.has(flag)) inDeleted.add(flag);
      else if (isLive(path, value)) settled.add(flag);
    }
  }
  const clashing = state.conflicts.filter(({ kind }) => kind === "structure");
  const clashes = new Set(clashing.map(({ path }) => path));
  const paths = new Set([...state.conflicts.map(({ path }) => path), ...inDeleted]);
  return [...paths]
    .filter((path) => !settled.has(path))
    .sort(compareCodeUnits)
    .map((path) => {
      const decision = state.decided.get(path) ?? decisionAt(graph, frontier, path, policy);
      return pinAt(path, decision, state, clashes.has(path));
    });
}

function pinAt(
  path: string,
  { sources }: Decision,
  { leaves }: MergedState,
  isClash: boolean,
): Pin {
  const value = leaves.get(path);
  const isMerge = isClash || sources.length > 1 || sources.some(({ merged }) => merged);
  return {
    path,
    ...(value === undefined ? {} : { value }),
    of: [...new Set(sources.flatMap(({ of }) => of))].sort(compareCodeUnits),
    ...(isMerge ? { merged: true as const } : {}),
  };
}
