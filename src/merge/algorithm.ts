import type { RevisionId } from "../base/ids.ts";
import type { Content } from "../model/content.ts";
import { ALGORITHM_VERSION } from "../model/record.ts";
import type { Graph, MergeInput } from "./graph.ts";
import type { mergeTexts } from "./text.ts";

/**
 * One version of the rules of merging. What has been released never changes: a version that others
 * may have merged by stays beside its successors.
 */
export interface Algorithm {
  /** Merges texts; the exact library behind it belongs to the version. */
  readonly mergeTexts: typeof mergeTexts;
  /** The content of a revision that its patch alone does not lead to. */
  readonly contentAfter: (graph: Graph, revision: MergeInput) => Content;
}

/** The versions that a program knows, by the number that records state as `algorithm`. */
export type Algorithms = ReadonlyMap<number, Algorithm>;

/** The newest version that is known: what is authored states that one. */
export function newestAlgorithm(algorithms: Algorithms): number {
  return Math.max(...algorithms.keys());
}

/**
 * The version that a frontier is merged by: the highest that its heads state. No revision states a
 * lower one than its parents, so this is the highest in the whole history, and the same for
 * everybody who holds it, however new his program is.
 */
export function algorithmAt(
  graph: Pick<Graph, "revision">,
  frontier: readonly RevisionId[],
): number {
  const stated = frontier.map((id) => graph.revision(id).algorithm ?? ALGORITHM_VERSION);
  return Math.max(ALGORITHM_VERSION, ...stated);
}
