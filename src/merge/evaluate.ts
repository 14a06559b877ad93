import { compareCodeUnits } from "../base/canonical.ts";
import type { ObjectId, RevisionId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { leavesOf } from "../model/content.ts";
import { algorithmAt } from "./algorithm.ts";
import { clashesAmong } from "./clashes.ts";
import { type Conflict, conflictOf } from "./conflict.ts";
import { type Decision, decide } from "./decide.ts";
import type { Graph } from "./graph.ts";
import type { Policy } from "./policy.ts";
import { findRegion } from "./region.ts";
import { saidIn } from "./said.ts";
import { type Candidate, candidatesAt } from "./survivors.ts";
import { mergeTexts } from "./text.ts";

/** The state of an object at a frontier. */
export interface MergedState {
  /** All stored leaves by path, hidden ones and flags included. */
  readonly leaves: ReadonlyMap<string, Json>;
  /** Sorted by id. */
  readonly conflicts: readonly Conflict[];
  /** For each path with a write above the choke point: the edits that decide it. */
  readonly decided: ReadonlyMap<string, Decision>;
}

/**
 * The state of an object at a frontier of one or more revisions; of none, an empty one. Pure: it
 * depends on the revisions and the policy alone, never on order, time or place, nor on how new the
 * program is: what is merged is merged by the rules of its own version.
 */
export function stateAt(
  graph: Graph,
  frontier: readonly RevisionId[],
  policy: Policy,
): MergedState {
  return evaluate(graph, frontier, policy, textMergeAt(graph, frontier));
}

/** How texts are merged at a frontier; one revision alone needs no merging. */
export function textMergeAt(graph: Graph, frontier: readonly RevisionId[]): typeof mergeTexts {
  if (graph.algorithms === undefined || frontier.length < 2) return mergeTexts;
  return graph.algorithms.get(algorithmAt(graph, frontier))?.mergeTexts ?? mergeTexts;
}

/** The same with another way to merge texts. */
export function evaluate(
  graph: Graph,
  frontier: readonly RevisionId[],
  policy: Policy,
  merge: typeof mergeTexts,
): MergedState {
  const region = findRegion(graph, frontier);
  const base: ReadonlyMap<string, Json> =
    region.choke === undefined ? new Map() : leavesOf(graph.content(region.choke));
  const [any] = region.revisions;
  if (any === undefined) return { leaves: base, conflicts: [], decided: new Map() };
  const rules = { type: any.type, policy, mergeTexts: merge };
  const leaves = new Map(base);
  const decided = new Map<string, Decision>();
  for (const [path, said] of saidIn(region, base.keys())) {
    const candidates = candidatesAt(region, said);
    if (candidates.length === 0) continue;
    const decision = decide({ region, path, said, base: base.get(path) }, rules, candidates);
    decided.set(path, decision);
    if (decision.value === undefined) leaves.delete(path);
    else leaves.set(path, decision.value);
  }
  const conflicts = conflictsIn(any.object, base, decided, leaves);
  return { leaves, conflicts, decided };
}

/** The conflicts of what was decided. Takes values off `leaves` that deeper ones leave no room. */
function conflictsIn(
  object: ObjectId,
  base: ReadonlyMap<string, Json>,
  decided: ReadonlyMap<string, Decision>,
  leaves: Map<string, Json>,
): Conflict[] {
  const placed = (path: string) => ({ object, path, base: base.get(path) });
  const conflicts: Conflict[] = [];
  for (const [path, { candidates, sources, value, conflict }] of decided) {
    if (conflict === undefined) continue;
    const revision = sources.length > 1 ? null : (sources[0] as Candidate).revision;
    const { kind, rule } = conflict;
    conflicts.push(conflictOf(placed(path), kind, candidates, { revision, value }, rule));
  }
  const entries = [...decided].map(([path, { candidates }]) => [path, candidates] as const);
  const clashes = clashesAmong(entries, leaves);
  for (const { path, isHidden } of clashes) if (isHidden) leaves.delete(path);
  for (const { path, here, below, isHidden } of clashes) {
    const all = [...here, ...below.map((deeper) => ({ ...deeper, value: undefined }))];
    const { revision } = (decided.get(path) as Decision).winner;
    const chosen = { revision: isHidden ? null : revision, value: leaves.get(path) };
    conflicts.push(conflictOf(placed(path), "structure", all, chosen, "structure"));
  }
  return conflicts.sort((a, b) => compareCodeUnits(a.id, b.id));
}
