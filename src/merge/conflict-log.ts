import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Revision } from "../model/record.ts";
import type { Conflict } from "./conflict.ts";
import { reaches } from "./descent.ts";
import { stateAt } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { impliedConflicts } from "./implied-conflicts.ts";
import { isFlag, writesOf } from "./leaf-writes.ts";
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
 * what was chosen, else the newest revision that met it. `open` are the conflicts at the frontier;
 * `metBy` says what a revision of several parents met.
 */
export function conflictLog(
  graph: Graph,
  revisions: readonly LoggedRevision[],
  frontier: readonly RevisionId[],
  policy: Policy,
  open: readonly Conflict[] = stateAt(graph, frontier, policy).conflicts,
  metBy: (revision: LoggedRevision) => readonly Conflict[] = (revision) =>
    impliedConflicts(graph, revision, policy),
): ConflictRecord[] {
  const byAge = [...revisions].sort(compareAge);
  const met = byAge.filter(({ parents }) => parents.length > 1).flatMap(metBy);
  const byId = new Map([...met, ...open].map((conflict) => [conflict.id, conflict]));
  const conflicts = [...byId.values()].sort((a, b) => compareCodeUnits(a.id, b.id));
  const about = Map.groupBy(conflicts, ({ path }) => path);
  const decidersOf = decidersAmong(byAge, about);
  return conflicts.map((conflict) => {
    const heads = conflict.candidates.map(({ revision }) => revision);
    const first = decidersOf(conflict).find(({ parents }) =>
      heads.every((head) => reaches(graph, parents, head)),
    );
    if (first !== undefined) return { ...conflict, status: "resolved", resolvedBy: first.id };
    const others = about.get(conflict.path) as readonly Conflict[];
    const later = others.some((other) => supersedes(graph, other, conflict));
    return { ...conflict, status: later ? "superseded" : "open", resolvedBy: null };
  });
}

/**
 * The conflict log after further revisions, oldest first, of one parent each, that all descend from
 * a frontier of one revision, whose log this is. They meet nothing new; being younger than all that
 * is there, they resolve what nobody resolved. Other records are returned as they are.
 */
export function laterLog(
  records: readonly ConflictRecord[],
  added: readonly LoggedRevision[],
): ConflictRecord[] {
  const decidersOf = decidersAmong(
    added,
    Map.groupBy(records, ({ path }) => path),
  );
  return records.map((record) => {
    const [first] = record.status === "resolved" ? [] : decidersOf(record);
    return first === undefined ? record : { ...record, status: "resolved", resolvedBy: first.id };
  });
}

/** Who writes the path of a conflict or lists it as resolved, by age. */
function decidersAmong(
  byAge: readonly LoggedRevision[],
  about: ReadonlyMap<string, unknown>,
): (conflict: Conflict) => readonly LoggedRevision[] {
  const flags = new Set([...about.keys()].filter(isFlag));
  const deciders = new Map<string, LoggedRevision[]>();
  for (const revision of byAge) {
    const paths = [...writesOf(revision, flags).keys()].filter((path) => about.has(path));
    for (const key of [...paths, ...(revision.resolves ?? [])]) {
      const known = deciders.get(key);
      if (known === undefined) deciders.set(key, [revision]);
      else known.push(revision);
    }
  }
  const hlcs = new Map(byAge.map(({ id, hlc }) => [id, hlc]));
  return ({ id, path, candidates }) => {
    // Who descends from all candidates is younger than each.
    const newest = Math.max(...candidates.map(({ revision }) => hlcs.get(revision) ?? 0));
    const decided = (key: string) => younger(deciders.get(key) ?? [], newest);
    const [writers, listers] = [decided(path), decided(id)];
    return listers.length === 0 ? writers : [...writers, ...listers].sort(compareAge);
  };
}

/** Those of a list by age that have a later time. */
function younger(byAge: readonly LoggedRevision[], hlc: number): readonly LoggedRevision[] {
  let [from, to] = [0, byAge.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((byAge[middle] as LoggedRevision).hlc > hlc) to = middle;
    else from = middle + 1;
  }
  return from === 0 ? byAge : byAge.slice(from);
}

/**
 * True when a conflict took the place of another about the same path: each candidate of the other
 * is a candidate of this one, or an ancestor of one, and not the other way round. What stands
 * where a map is wanted is another question than which value stands, and supersedes only its like.
 */
function supersedes(graph: Graph, later: Conflict, earlier: Conflict): boolean {
  return (
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
