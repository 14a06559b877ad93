import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Revision } from "../model/record.ts";
import type { Conflict } from "./conflict.ts";
import { reaches } from "./descent.ts";
import { stateAt } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { impliedConflicts } from "./implied-conflicts.ts";
import { expandWrites, isFlag, touchesOf } from "./leaf-writes.ts";
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
  const byId = new Map([...met, ...open].map((conflict) => [conflict.id, conflict]));
  const conflicts = [...byId.values()].sort((a, b) => compareCodeUnits(a.id, b.id));
  const deciders = decidersOf(byAge, conflicts);
  return conflicts.map((conflict) => {
    const heads = conflict.candidates.map(({ revision }) => revision);
    const first = deciders
      .get(conflict)
      ?.find(({ revision }) => heads.every((head) => reaches(graph, revision.parents, head)));
    if (first !== undefined) {
      return { ...conflict, status: "resolved", resolvedBy: first.revision.id };
    }
    const later = conflicts.some((other) => supersedes(graph, other, conflict));
    return { ...conflict, status: later ? "superseded" : "open", resolvedBy: null };
  });
}

/** Who writes the path of a conflict or lists it as resolved, by age, for each conflict. */
function decidersOf(
  byAge: readonly LoggedRevision[],
  conflicts: readonly Conflict[],
): Map<Conflict, { readonly revision: LoggedRevision }[]> {
  const about = Map.groupBy(conflicts, ({ path }) => path);
  const ids = new Map(conflicts.map((conflict) => [conflict.id, conflict]));
  const flags = new Set([...about.keys()].filter(isFlag));
  const decisions = byAge.flatMap((revision) => {
    const writes = expandWrites(revision.patch);
    const paths = [...writes.keys(), ...touchesOf(writes, revision.pins, flags)];
    const written = paths.flatMap((path) => about.get(path) ?? []);
    const listed = (revision.resolves ?? []).flatMap((id) => ids.get(id) ?? []);
    return [...new Set([...written, ...listed])].map((conflict) => ({ conflict, revision }));
  });
  return Map.groupBy(decisions, ({ conflict }) => conflict);
}

/**
 * True when a conflict about the same path took the place of another: each candidate of the other
 * is a candidate of this one, or an ancestor of one, and not the other way round. What stands
 * where a map is wanted is another question than which value stands, and supersedes only its like.
 */
function supersedes(graph: Graph, later: Conflict, earlier: Conflict): boolean {
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
