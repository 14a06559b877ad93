import { SynclineError } from "../base/errors.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { writeAt } from "./leaf-writes.ts";

/**
 * The part of the door that needs the history: each pin of a revision whose parents are stored
 * names ancestors, and they write its path. Throws `INVALID_PIN`.
 */
export function checkOrigins(graph: Graph, { parents, pins = [] }: MergeInput): void {
  const wanted = new Set(pins.flatMap(({ of }) => of));
  const known = new Set(parents);
  for (const id of known) {
    if (wanted.size === 0) break;
    const revision = graph.revision(id);
    for (const parent of revision.parents) known.add(parent);
    if (!wanted.delete(id)) continue;
    for (const [index, { path, of }] of pins.entries()) {
      const isAt = of.includes(id) && writeAt(revision, path) === undefined;
      if (isAt) throw invalid(index, id, "does not write its path");
    }
  }
  for (const [index, { of }] of pins.entries()) {
    const stranger = of.find((id) => wanted.has(id));
    if (stranger !== undefined) throw invalid(index, stranger, "is no ancestor");
  }
}

function invalid(index: number, id: RevisionId, why: string): SynclineError {
  return new SynclineError("INVALID_PIN", `pin ${index} names ${id}, which ${why}`, {
    where: `/pins/${index}/of`,
  });
}
