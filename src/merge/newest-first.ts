import type { RevisionId } from "../base/ids.ts";
import type { Graph } from "./graph.ts";

/** A revision on the way back from a frontier. */
export interface Step {
  readonly id: RevisionId;
  readonly generation: number;
  /** True when no other revision is left to look at beside it: every path comes together here. */
  readonly isAlone: boolean;
}

/**
 * The revisions of a frontier and all their ancestors, each once, highest generation first. Reads a
 * revision only when asked for the step after it.
 */
export function* newestFirst(graph: Graph, frontier: readonly RevisionId[]): Generator<Step> {
  const levels = new Map<number, Set<RevisionId>>();
  let waiting = 0;
  let generation = 0;
  const add = (id: RevisionId): void => {
    const at = graph.generation(id);
    const level = levels.get(at) ?? new Set();
    if (level.has(id)) return;
    levels.set(at, level.add(id));
    waiting += 1;
    generation = Math.max(generation, at);
  };
  frontier.forEach(add);
  // Who has a generation has a parent one below: no level on the way down is empty.
  for (; waiting > 0; generation -= 1) {
    for (const id of levels.get(generation) ?? []) {
      waiting -= 1;
      yield { id, generation, isAlone: waiting === 0 };
      graph.revision(id).parents.forEach(add);
    }
    levels.delete(generation);
  }
}
