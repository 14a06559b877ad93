import type { RevisionId } from "../base/ids.ts";
import type { Graph } from "./graph.ts";

/** True when the stored revision `ancestor` is one of the others, or one that they descend from. */
export function reaches(graph: Graph, from: readonly RevisionId[], ancestor: RevisionId): boolean {
  const lowest = graph.generation(ancestor);
  const known = new Set(from);
  for (const id of known) {
    if (id === ancestor) return true;
    if (graph.generation(id) <= lowest) continue;
    for (const parent of graph.revision(id).parents) known.add(parent);
  }
  return false;
}
