import { canonicalize } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import { contentOf } from "../merge/content-of.ts";
import { stateAt } from "../merge/evaluate.ts";
import type { Graph } from "../merge/graph.ts";
import type { Policy } from "../merge/policy.ts";
import type { Revision } from "../model/record.ts";
import { type Edition, knows } from "./edition.ts";
import { needsNewer } from "./replay.ts";

/** A stored history, of which whole records can be read. */
export interface History extends Graph {
  revision(id: RevisionId): Revision;
}

/**
 * Canonical content text of the merge of some revisions of one object, over its stored history.
 * Throws `OBJECT_PARKED` for what is merged by newer rules, and what reading a revision throws.
 */
export function mergedText(
  history: History,
  edition: Edition,
  frontier: readonly RevisionId[],
  policy: Policy,
): string {
  const read = new Map<RevisionId, Revision>();
  const graph: History = {
    ...history,
    revision: (id) => {
      const revision = read.get(id) ?? history.revision(id);
      read.set(id, revision);
      return revision;
    },
    algorithms: edition.algorithms,
  };
  for (const id of frontier) if (!knows(edition, graph.revision(id))) throw needsNewer(id);
  return canonicalize(contentOf(stateAt(graph, frontier, policy).leaves));
}
