import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Revision } from "../model/record.ts";
import type { Conflict } from "./conflict.ts";
import { reaches } from "./descent.ts";
import { stateAt } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { impliedConflicts } from "./implied-conflicts.ts";
import { writeAt } from "./leaf-writes.ts";
import type { Policy } from "./policy.ts";

/** A conflict with what became of it. */
export interface ConflictRecord extends Conflict {
  /**
   * `resolved`: somebody who saw all candidates wrote the path, or listed the conflict as resolved.
   * `superseded`: later edits disagree there now. `open`: a person has yet to look.
   */
  readonly status: "open" | "resolved" | "superseded";
  /** The first revision that resolved it, by hybrid time. */
  readonly resolvedBy: RevisionId | null;
}

/** What the conflict log reads of a revision. */
export type LoggedRevision = MergeInput & Pick<Revision, "resolves">;

/**
 * The conflict log of one object, sorted by id: what its revisions of several parents met, and what
 * is open at its frontier. A function of the set of revisions and the policy; frontiers that only
 * passed by on the way leave nothing. Where one conflict was met more than once, the frontier says
 * what was chosen, else the newest revision that met it.
 */
export function conflictLog(
  graph: Graph,
  revisions: readonly LoggedRevision[],
  frontier: readonly RevisionId[],
  policy: Policy,
): ConflictRecord[] {
  const byAge = [...revisions].sort(compareAge);
  const met = byAge.flatMap((revision) => impliedConflicts(graph, revision, policy));
  const open = stateAt(graph, frontier, policy).conflicts;
  const conflicts = new Map([...met, ...open].map((conflict) => [conflict.id, conflict]));
  return [...conflicts.values()]
    .sort((a, b) => compareCodeUnits(a.id, b.id))
    .map((conflict) => {
      const by = byAge.find((revision) => resolves(graph, revision, conflict));
      if (by !== undefined) return { ...conflict, status: "resolved", resolvedBy: by.id };
      const later = [...conflicts.values()].some((other) => supersedes(graph, other, conflict));
      return { ...conflict, status: later ? "superseded" : "open", resolvedBy: null };
    });
}

/** True for a revision that saw all candidates of a conflict and decided about it. */
export function resolves(
  graph: Graph,
  revision: LoggedRevision,
  { id, path, candidates }: Conflict,
): boolean {
  const decides = revision.resolves?.includes(id) || writeAt(revision, path) !== undefined;
  const { parents } = revision;
  return decides && candidates.every((one) => reaches(graph, parents, one.revision));
}

/**
 * True when a conflict about the same path took the place of another: each candidate of the other
 * is a candidate of this one, or an ancestor of one, and not the other way round. What stands
 * where a map is wanted is another question than which value stands, and supersedes only its like.
 */
export function supersedes(graph: Graph, later: Conflict, earlier: Conflict): boolean {
  return (
    later.path === earlier.path &&
    (later.kind === "structure") === (earlier.kind === "structure") &&
    covers(graph, later, earlier) &&
    !covers(graph, earlier, later)
  );
}

function covers(graph: Graph, later: Conflict, earlier: Conflict): boolean {
  const heads = later.candidates.map(({ revision }) => revision);
  return earlier.candidates.every(({ revision }) => reaches(graph, heads, revision));
}

function compareAge(a: LoggedRevision, b: LoggedRevision): number {
  return a.hlc - b.hlc || compareCodeUnits(a.id, b.id);
}
