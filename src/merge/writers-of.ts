import type { RevisionId } from "../base/ids.ts";
import { stateAt } from "./evaluate.ts";
import type { Graph } from "./graph.ts";
import { expandWrites } from "./leaf-writes.ts";
import { DEFAULT_POLICY } from "./policy.ts";

/** Provisional. */
export function writersOf(
  graph: Graph,
  frontier: readonly RevisionId[],
  path: string,
): readonly RevisionId[] {
  const [only] = frontier;
  if (only !== undefined && frontier.length === 1) {
    const { patch, parents, id } = graph.revision(only);
    if (expandWrites(patch).has(path)) return [id];
    return writersOf(graph, parents, path);
  }
  if (frontier.length === 0) return [];
  const decision = stateAt(graph, frontier, DEFAULT_POLICY).decided.get(path);
  if (decision !== undefined) return decision.winners.map(({ revision }) => revision);
  return writersOf(graph, [frontier[0] as RevisionId], path);
}
