import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import { isBelow } from "../base/pointer.ts";
import { leavesOf } from "../model/content.ts";
import { chooseRegister } from "./choose.ts";
import { type Conflict, type ConflictKind, conflictId } from "./conflict.ts";
import type { Graph } from "./graph.ts";
import { expandWrites, isFlag, type Leaf, touchesOf } from "./leaf-writes.ts";
import { type Policy, type Strategy, strategyFor } from "./policy.ts";
import { findRegion, type Region } from "./region.ts";
import {
  type Candidate,
  candidatesAt,
  type PathPin,
  type PathWrite,
  sameLeaf,
  standingWrites,
} from "./survivors.ts";
import { isMergeableText, mergeTexts } from "./text.ts";

/** The state of an object at a frontier. */
export interface MergedState {
  /** All stored leaves by path, hidden ones and flags included. */
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Sorted by id. */
  readonly conflicts: readonly Conflict[];
  /** For each path with a write above the choke point: the edits that decide it. */
  readonly decided: ReadonlyMap<string, Decision>;
}

/** How a path's value came about. */
export interface Decision {
  readonly value: Leaf;
  readonly candidates: readonly Candidate[];
  /** The winner alone, or for a text all candidates with a value. */
  readonly winners: readonly Candidate[];
  readonly rule: string;
  readonly kind: ConflictKind | undefined;
}

/**
 * The state of an object at a frontier of one or more revisions. Pure: it depends on the revisions
 * and the policy alone, never on order, time or place.
 */
export function stateAt(
  graph: Graph,
  frontier: readonly RevisionId[],
  policy: Policy,
): MergedState {
  const region = findRegion(graph, frontier);
  const base: ReadonlyMap<string, Leaf> =
    region.choke === undefined ? new Map() : leavesOf(graph.content(region.choke));
  if (region.revisions.length === 0) return { leaves: base, conflicts: [], decided: new Map() };
  const { object, type } = region.revisions[0] as { object: Conflict["object"]; type: string };
  const written = writtenPaths(region, base);
  const leaves = new Map(base);
  const decided = new Map<string, Decision>();
  const conflicts: Conflict[] = [];
  for (const [path, { writes, pins }] of written) {
    const standing = standingWrites(region, writes);
    if (standing.length === 0) continue;
    const candidates = candidatesAt(region, standing, writes, pins);
    const before = base.get(path);
    const context = { region, path, writes, before, type, policy };
    const decision = decide(context, candidates);
    decided.set(path, decision);
    if (decision.value === undefined) leaves.delete(path);
    else leaves.set(path, decision.value);
    if (decision.kind !== undefined) conflicts.push(conflictOf(object, path, before, decision));
  }
  const clashes = clashesOf(object, base, decided, leaves);
  const all = [...conflicts, ...clashes].sort((a, b) => compareCodeUnits(a.id, b.id));
  return { leaves, conflicts: all, decided };
}

interface Written {
  readonly writes: PathWrite[];
  readonly pins: PathPin[];
}

/** What the region writes, touches and pins, by path. */
function writtenPaths(region: Region, base: ReadonlyMap<string, Leaf>): Map<string, Written> {
  const paths = new Map<string, Written>();
  const at = (path: string): Written => {
    let written = paths.get(path);
    if (written === undefined) {
      written = { writes: [], pins: [] };
      paths.set(path, written);
    }
    return written;
  };
  const own = region.revisions.map(({ patch }) => expandWrites(patch));
  own.forEach((writes, by) => {
    for (const [path, value] of writes) at(path).writes.push({ by, value });
    for (const pin of region.revisions[by]?.pins ?? []) {
      const { path, value, of, merged = false } = pin;
      at(path).pins.push({ by, value, of, merged });
    }
  });
  const flags = new Set([...base.keys(), ...paths.keys()].filter(isFlag));
  own.forEach((writes, by) => {
    for (const path of touchesOf(writes, region.revisions[by]?.pins, flags)) {
      at(path).writes.push({ by, value: undefined });
    }
  });
  return paths;
}

interface Context {
  readonly region: Region;
  readonly path: string;
  readonly writes: readonly PathWrite[];
  readonly before: Leaf;
  readonly type: string;
  readonly policy: Policy;
}

function decide(context: Context, candidates: readonly Candidate[]): Decision {
  const first = candidates[0] as Candidate;
  if (candidates.every(({ value }) => sameLeaf(value, first.value))) {
    const winners = candidates;
    return { value: first.value, candidates, winners, rule: "same", kind: undefined };
  }
  const { region, path, type, policy } = context;
  const strategy = strategyFor(policy, type, path);
  const winner = chooseRegister(region, path, candidates, strategy, policy.deletes);
  const isDelete = isFlag(path) || candidates.some(({ value }) => value === undefined);
  const texts = candidates.filter(({ value }) => value !== undefined);
  const asText =
    strategy === "text" &&
    winner.value !== undefined &&
    texts.every(({ value }) => isMergeableText(value));
  const kind = isDelete ? "delete" : asText ? "text" : "value";
  if (!asText) {
    const rule = isDelete ? deleteRule(strategy, policy) : ruleName(strategy);
    return { value: winner.value, candidates, winners: [winner], rule, kind };
  }
  const value = mergeTexts(region, context.before, context.writes, texts);
  return { value, candidates, winners: texts, rule: "text", kind };
}

function deleteRule(strategy: Strategy, policy: Policy): string {
  return strategy === "set" ? "edit-wins" : policy.deletes;
}

function ruleName(strategy: Strategy): string {
  if (typeof strategy !== "string") return "priority";
  return strategy === "text" ? "newest" : strategy;
}

function conflictOf(
  object: Conflict["object"],
  path: string,
  base: Leaf,
  { value, candidates, winners, rule, kind }: Decision,
): Conflict {
  const named = kind as ConflictKind;
  const chosen = rule === "text" ? null : ((winners[0]?.revision ?? null) as RevisionId | null);
  return {
    ...identified(object, path, named, candidates),
    base,
    chosen: { revision: chosen, value },
    rule,
  };
}

function identified(
  object: Conflict["object"],
  path: string,
  kind: ConflictKind,
  candidates: readonly Candidate[],
): Pick<Conflict, "id" | "object" | "path" | "kind" | "candidates"> {
  const sorted = [...candidates].sort((a, b) => compareCodeUnits(a.revision, b.revision));
  const ids = [...new Set(sorted.map(({ revision }) => revision))];
  const listed = sorted.map(({ revision, value, merged }) => ({ revision, value, merged }));
  return { id: conflictId(object, path, kind, ids), object, path, kind, candidates: listed };
}

/**
 * A value at a path and values below it, both written above the choke point, cannot both stand:
 * the deeper ones stay. A schema that fixes which fields are maps makes this unreachable.
 */
function clashesOf(
  object: Conflict["object"],
  base: ReadonlyMap<string, Leaf>,
  decided: ReadonlyMap<string, Decision>,
  leaves: Map<string, Leaf>,
): Conflict[] {
  const valued = [...decided].filter(
    ([path, { candidates }]) =>
      !isFlag(path) && candidates.some(({ value }) => value !== undefined),
  );
  const paths = valued.map(([path]) => path).sort(compareCodeUnits);
  const clashes: Conflict[] = [];
  for (const [path, decision] of valued) {
    const below = valued.filter(([other]) => isBelow(other, path));
    if (below.length === 0) continue;
    const candidates = [decision, ...below.map(([, other]) => other)].flatMap((one) =>
      one.candidates.filter(({ value }) => value !== undefined),
    );
    const deeperStands = below.some(([other]) => leaves.has(other));
    if (deeperStands) leaves.delete(path);
    const value = leaves.get(path);
    clashes.push({
      ...identified(object, path, "structure", candidates),
      base: base.get(path),
      chosen: { revision: null, value },
      rule: "structure",
    });
  }
  return paths.length === 0 ? [] : clashes;
}
