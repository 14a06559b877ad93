import { SynclineError } from "../base/errors.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { isFlag, writesOf } from "./leaf-writes.ts";
import { newestFirst } from "./newest-first.ts";

/**
 * The part of the door that needs the history: each pin of a revision whose parents are stored
 * names ancestors, and they write its path. Throws `INVALID_PIN`.
 */
export function checkOrigins(graph: Graph, { parents, pins = [] }: MergeInput): void {
  const origins = pins.flatMap(({ path, of }, index) => of.map((id) => ({ id, path, index })));
  const wanted = Map.groupBy(origins, ({ id }) => id);
  const strangers = strangersAmong(graph, parents, wanted.keys());
  for (const [id, named] of wanted) {
    if (strangers.has(id)) continue;
    const flags = new Set(named.map(({ path }) => path).filter(isFlag));
    const writes = writesOf(graph.revision(id), flags);
    const wrong = named.find(({ path }) => !writes.has(path));
    if (wrong !== undefined) throw invalid(wrong.index, id, "does not write its path");
  }
  const strange = origins.find(({ id }) => strangers.has(id));
  if (strange !== undefined) throw invalid(strange.index, strange.id, "is no ancestor");
}

/** Those of the wanted revisions that the parents do not descend from, and are not. */
function strangersAmong(
  graph: Graph,
  parents: readonly RevisionId[],
  wanted: Iterable<RevisionId>,
): ReadonlySet<RevisionId> {
  const left = new Set(wanted);
  if (left.size === 0) return left;
  for (const { id } of newestFirst(graph, parents)) {
    if (left.delete(id) && left.size === 0) break;
  }
  return left;
}

function invalid(index: number, id: RevisionId, why: string): SynclineError {
  return new SynclineError("INVALID_PIN", `pin ${index} names ${id}, which ${why}`, {
    where: `/pins/${index}/of`,
  });
}
