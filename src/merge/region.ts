import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { newestFirst } from "./newest-first.ts";

/**
 * The part of a history that a merge must look at: everything above the choke point.
 *
 *        ○──○  ← frontier            The choke point X is the newest revision that all of the
 *       /    \                       region descends from; what lies below cannot matter, because
 *   …──X──○   ○                      everybody above has seen all of it.
 *          \──┘
 */
export interface Region {
  /** Undefined when the heads share no such revision: then the base is empty. */
  readonly choke: RevisionId | undefined;
  /** The revisions above it, parents before children; ties by id. */
  readonly revisions: readonly MergeInput[];
  readonly indexOf: ReadonlyMap<RevisionId, number>;
  /** For each revision, the set of its strict ancestors within the region, as bits. */
  readonly ancestors: readonly bigint[];
}

/** True when revision number `a` is a strict ancestor of number `b`. */
export function isAncestor({ ancestors }: Region, a: number, b: number): boolean {
  return hasBit(ancestors[b] as bigint, a);
}

/** What the revisions of these statements have seen: all their strict ancestors, as bits. */
export function seenBy({ ancestors }: Region, statements: Iterable<{ by: number }>): bigint {
  let seen = 0n;
  for (const { by } of statements) seen |= ancestors[by] as bigint;
  return seen;
}

/** True when the set holds revision number `at`. */
export function hasBit(bits: bigint, at: number): boolean {
  return ((bits >> BigInt(at)) & 1n) === 1n;
}

/** The revisions above the choke point of a frontier. */
export function findRegion(graph: Graph, frontier: readonly RevisionId[]): Region {
  const { choke, revisions } = walkBack(graph, frontier);
  return regionOf(choke, revisions);
}

/**
 * The revisions above a point that everything descends from and at or above which somebody `says`
 * something: a region, and what lies below it down to there.
 */
export function findRegionSaying(
  graph: Graph,
  frontier: readonly RevisionId[],
  says: (revision: MergeInput) => boolean,
): Region {
  let { choke, revisions } = walkBack(graph, frontier);
  const parts = [revisions];
  while (choke !== undefined && !revisions.some(says)) {
    const joint = graph.revision(choke);
    ({ choke, revisions } = walkBack(graph, joint.parents));
    revisions = [...revisions, joint];
    parts.push(revisions);
  }
  return regionOf(choke, parts.reverse().flat());
}

interface Walk {
  readonly choke: RevisionId | undefined;
  readonly revisions: readonly MergeInput[];
}

/**
 * Walks back from the frontier, newest generation first, until every path has come together in one
 * revision. A creation met before that means there is no such revision.
 */
function walkBack(graph: Graph, frontier: readonly RevisionId[]): Walk {
  const above: { readonly revision: MergeInput; readonly generation: number }[] = [];
  let sawCreation = false;
  let choke: RevisionId | undefined;
  for (const { id, generation, isAlone } of newestFirst(graph, frontier)) {
    if (isAlone && !sawCreation) {
      choke = id;
      break;
    }
    const revision = graph.revision(id);
    above.push({ revision, generation });
    sawCreation ||= revision.parents.length === 0;
  }
  above.sort(
    (a, b) => a.generation - b.generation || compareCodeUnits(a.revision.id, b.revision.id),
  );
  return { choke, revisions: above.map(({ revision }) => revision) };
}

function regionOf(choke: RevisionId | undefined, revisions: readonly MergeInput[]): Region {
  const indexOf = new Map(revisions.map(({ id }, index) => [id, index]));
  const ancestors: bigint[] = [];
  for (const { parents } of revisions) {
    let bits = 0n;
    for (const parent of parents) {
      const at = indexOf.get(parent);
      if (at !== undefined) bits |= (ancestors[at] as bigint) | (1n << BigInt(at));
    }
    ancestors.push(bits);
  }
  return { choke, revisions, indexOf, ancestors };
}
