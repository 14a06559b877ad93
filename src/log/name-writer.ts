import type { RevisionId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { algorithmAt, newestAlgorithm } from "../merge/algorithm.ts";
import type { Graph, MergeInput } from "../merge/graph.ts";
import { writersOf } from "../merge/writers.ts";
import type { Edition } from "./edition.ts";

export const NAME = "/name";

/** What is known of an object whose name somebody wrote. */
export interface NamedObject {
  readonly frontier: readonly RevisionId[];
  /** The revision at which the name stands. */
  readonly revision: RevisionId;
  readonly parked: boolean;
  readonly name: Json | undefined;
}

/**
 * The earliest of the edits that wrote the standing name, which does not depend on the policy; null
 * without one.
 */
export function nameWriterOf(
  graph: Graph,
  edition: Edition,
  { frontier, revision, parked, name }: NamedObject,
): RevisionId | null {
  const writers = parked
    ? writersAtRevision(graph, edition, revision, name)
    : writersOf(graph, frontier, NAME, name);
  const [first, ...others] = writers.map((id) => graph.revision(id));
  if (first === undefined) return null;
  return others.reduce((best, next) => (isEarlier(next, best) ? next : best), first).id;
}

/** Who wrote it by the rules, from where those are known; above, whoever did so on the way there. */
function writersAtRevision(
  graph: Graph,
  { algorithms }: Edition,
  revision: RevisionId,
  name: Json | undefined,
): readonly RevisionId[] {
  const newest = newestAlgorithm(algorithms);
  for (let at = revision; ; ) {
    if (algorithmAt(graph, [at]) <= newest) return writersOf(graph, [at], NAME, name);
    const { parents, patch } = graph.revision(at);
    const [parent] = parents;
    if (parent === undefined || parents.length > 1) return [at];
    if (patch.some(({ path }) => path === NAME)) return [at];
    at = parent;
  }
}

/** The order of edits in time; ties by id. */
export function isEarlier(a: MergeInput, b: MergeInput): boolean {
  return a.hlc < b.hlc || (a.hlc === b.hlc && a.id < b.id);
}
