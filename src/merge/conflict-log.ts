import type { RevisionId } from "../base/ids.ts";
import type { Revision } from "../model/record.ts";
import type { Conflict } from "./conflict.ts";
import { stateAt } from "./evaluate.ts";
import type { Graph } from "./graph.ts";
import type { Policy } from "./policy.ts";

export interface ConflictRecord extends Conflict {
  readonly status: "open" | "resolved" | "superseded";
  readonly resolvedBy: RevisionId | null;
}

/** Provisional. */
export function conflictLog(
  graph: Graph,
  revisions: readonly Revision[],
  frontier: readonly RevisionId[],
  policy: Policy,
): ConflictRecord[] {
  const all = new Map<string, ConflictRecord>();
  const frontiers = revisions.map(({ parents }) => parents).filter((one) => one.length > 1);
  for (const heads of [...frontiers, frontier]) {
    for (const conflict of stateAt(graph, heads, policy).conflicts) {
      const by = revisions.find(({ resolves }) => resolves?.includes(conflict.id));
      const status = by === undefined ? "open" : "resolved";
      all.set(conflict.id, { ...conflict, status, resolvedBy: by?.id ?? null });
    }
  }
  return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
