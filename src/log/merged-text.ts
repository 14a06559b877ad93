import { canonicalize } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import { contentOf } from "../merge/content-of.ts";
import { stateAt } from "../merge/evaluate.ts";
import type { Graph, MergeInput } from "../merge/graph.ts";
import type { Policy } from "../merge/policy.ts";

/**
 * Canonical content text of the merge of some revisions of one object, over its stored history.
 * Throws what reading a revision throws.
 */
export function mergedText(
  history: Graph,
  frontier: readonly RevisionId[],
  policy: Policy,
): string {
  const read = new Map<RevisionId, MergeInput>();
  const graph: Graph = {
    ...history,
    revision: (id) => {
      const revision = read.get(id) ?? history.revision(id);
      read.set(id, revision);
      return revision;
    },
  };
  for (const id of frontier) graph.revision(id);
  return canonicalize(contentOf(stateAt(graph, frontier, policy).leaves));
}
