/** What a revision has to carry, given what its author saw and what he did. */
import type { Json } from "../../src/base/json.ts";
import { isBelow } from "../../src/base/pointer.ts";
import type { Write } from "../../src/model/record.ts";
import type { Evaluation } from "../../src/oracle/evaluate.ts";
import { isLive, writesBelow } from "../../src/oracle/history.ts";
import type { Oracle } from "../../src/oracle/oracle.ts";
import { isFlag, leavesAt, pathsAbove, treeOf, unitOf } from "../../src/oracle/paths.ts";
import { sameValue } from "../../src/oracle/strategy.ts";
import type { Leaves, OraclePin, OracleRevision, Value } from "../../src/oracle/types.ts";

/** One wish of an author: a value at a path, or nothing there and below. */
export interface Change {
  readonly path: string;
  /** Left out: remove what is at the path and below. */
  readonly value?: Json;
}

export interface Edit {
  readonly id: string;
  readonly object: string;
  readonly type: string;
  readonly actor: string;
  readonly hlc: number;
  readonly changes: readonly Change[];
  /** Paths that are written although a diff may not show it: explicit resolutions. */
  readonly resolve?: readonly string[];
}

/** The revision that the edit makes on the frontier, under the policy of its author. */
export function author(oracle: Oracle, frontier: readonly string[], edit: Edit): OracleRevision {
  const { changes, resolve = [], ...envelope } = edit;
  const seen = oracle.state(frontier).leaves;
  const wanted = applyChanges(seen, changes);
  const writes = writesFor(seen, wanted, resolve);
  const parents = [...frontier].sort();
  const isCreation = parents.length === 0;
  const patch: Write[] = isCreation
    ? [{ op: "add", path: "", value: treeOf(wanted) }]
    : patchOf(seen, writes);
  const pins = pinsFor(oracle, parents, writes);
  const resolves = oracle
    .evaluation(parents)
    .conflicts.filter(({ path }) => parents.length > 1 && resolve.includes(path))
    .map(({ id }) => id);
  return {
    ...envelope,
    parents,
    patch,
    ...(pins.length > 0 && { pins }),
    ...(resolves.length > 0 && { resolves }),
  };
}

/** The content that the author wants: what he saw, with his changes. */
export function applyChanges(seen: Leaves, changes: readonly Change[]): Leaves {
  const leaves = new Map(seen);
  for (const { path, value } of changes) {
    const isOnWay = (stored: string) =>
      stored === path || isBelow(stored, path) || (value !== undefined && isAbove(stored, path));
    const isOwnFlag = (stored: string) => isFlag(path) && stored !== path;
    for (const stored of [...leaves.keys()]) {
      if (isOnWay(stored) && !isOwnFlag(stored)) leaves.delete(stored);
    }
    if (value !== undefined) for (const [at, leaf] of leavesAt(path, value)) leaves.set(at, leaf);
  }
  return leaves;
}

function isAbove(stored: string, path: string): boolean {
  return pathsAbove(path).includes(stored);
}

/** The leaf diff, and the values of the resolved paths whether they differ or not. */
function writesFor(seen: Leaves, wanted: Leaves, resolve: readonly string[]): Map<string, Value> {
  const writes = new Map<string, Value>();
  for (const path of [...seen.keys(), ...wanted.keys()]) {
    if (!sameValue(seen.get(path), wanted.get(path))) writes.set(path, wanted.get(path));
  }
  for (const path of resolve) writes.set(path, wanted.get(path));
  return writes;
}

function patchOf(seen: Leaves, writes: ReadonlyMap<string, Value>): Write[] {
  return [...writes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, value]) => {
      if (value === undefined) return { op: "remove", path };
      return { op: seen.has(path) ? "replace" : "add", path, value };
    });
}

/**
 * The page: "for every path with a conflict record in state(F) that it does not write itself (a
 * touch of a flag seen absent counts as writing it)", and for flags that an edit below leaves set.
 */
export function pinsFor(
  oracle: Oracle,
  frontier: readonly string[],
  writes: ReadonlyMap<string, Value>,
): OraclePin[] {
  const evaluation = oracle.evaluation(frontier);
  const seen = oracle.state(frontier).leaves;
  const isJoin = frontier.length > 1;
  const pins = new Map<string, OraclePin>();
  const isWritten = (path: string) => writes.has(path) || isTouched(path, seen, writes);
  for (const { path } of isJoin ? evaluation.conflicts : []) {
    if (!isWritten(path)) pins.set(path, pinAt(evaluation, seen, path));
  }
  for (const path of seen.keys()) {
    if (!isFlag(path) || writes.has(path) || !writesBelow(writes.keys(), path)) continue;
    pins.set(path, pinAt(evaluation, seen, path));
  }
  return [...pins.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isTouched(path: string, seen: Leaves, writes: ReadonlyMap<string, Value>): boolean {
  if (!isFlag(path) || seen.has(path)) return false;
  const unit = unitOf(path);
  return [...writes].some(([at, value]) => isBelow(at, unit) && isLive(at, value));
}

/** "path, value as seen, of, merged"; a merged pin's own `of` is taken wherever it is the origin. */
function pinAt(evaluation: Evaluation, seen: Leaves, path: string): OraclePin {
  const outcome = evaluation.outcomes.get(path);
  if (outcome === undefined) throw new Error(`nobody wrote ${path}`);
  const { sources, winner } = outcome;
  const of = [...new Set(sources.flatMap((entry) => entry.of))].sort();
  const isMerged = sources.length > 1 || evaluation.structures.has(path) || winner.merged;
  const value = seen.get(path);
  return {
    path,
    ...(value !== undefined && { value }),
    of,
    ...(isMerged && { merged: true as const }),
  };
}
