import { compareCodeUnits } from "../base/canonical.ts";
import type { Json } from "../base/json.ts";
import { isBelow } from "../base/pointer.ts";
import type { Conflict } from "../merge/conflict.ts";
import { contentOf } from "../merge/content-of.ts";
import { pathsAbove } from "../merge/leaf-writes.ts";
import { sameLeaf } from "../merge/survivors.ts";
import { type Content, leavesOf } from "../model/content.ts";
import type { Write } from "../model/record.ts";
import type { LeafValue, Resolution } from "./author.ts";

/** What a revision decides beside what it changes. */
export interface Decided {
  /** Sorted ids of the conflicts that it resolves. */
  readonly resolves: readonly string[];
  /** Writes that restate what stands there already. */
  readonly writes: readonly Write[];
  /** Paths where a value stands that somebody wrote before: it need not look as a person's should. */
  readonly restated: ReadonlySet<string>;
}

export const NOTHING_DECIDED: Decided = { resolves: [], writes: [], restated: new Set() };

/** The paths at which a candidate's value was picked. */
export function restatedPaths(
  resolutions: readonly Resolution[],
  conflicts: readonly Conflict[],
): ReadonlySet<string> {
  const byId = new Map(conflicts.map((conflict) => [conflict.id, conflict]));
  const paths = resolutions.flatMap((resolution) => {
    if (resolution.path === undefined) return [];
    const { conflict: id, path, value } = resolution;
    const isPick = byId.get(id)?.candidates.some((candidate) => sameLeaf(candidate.value, value));
    return isPick === true ? [path] : [];
  });
  return new Set(paths);
}

/** A resolution that says what shall stand where. */
type Decision = Resolution & { readonly path: string; readonly value?: Json };

/** The content once each decision stands. */
export function resolvedContent(content: Content, resolutions: readonly Resolution[]): Content {
  return withLeaves(content, decisionsIn(resolutions));
}

/** The content with other values at some paths. */
export function withLeaves(content: Content, values: readonly LeafValue[]): Content {
  const leaves = leavesOf(content);
  const maps = new Set([...leaves.keys()].flatMap((path) => [...pathsAbove(path)]));
  for (const { path, value } of values) {
    if (value === undefined) {
      leaves.delete(path);
      continue;
    }
    if (maps.has(path)) {
      for (const other of leaves.keys()) if (isBelow(other, path)) leaves.delete(other);
    }
    for (const above of pathsAbove(path)) {
      leaves.delete(above);
      maps.add(above);
    }
    leaves.set(path, value);
  }
  return contentOf(leaves);
}

function decisionsIn(resolutions: readonly Resolution[]): Decision[] {
  return resolutions.filter((one): one is Decision => one.path !== undefined);
}

/** One write for each decision, whatever is there: only a write overrules other edits. */
export function resolvingWrites(content: Content, resolutions: readonly Resolution[]): Write[] {
  const leaves = leavesOf(content);
  return decisionsIn(resolutions).map(({ path, value }) => {
    if (value === undefined) return { op: "remove", path };
    return { op: leaves.has(path) ? "replace" : "add", path, value };
  });
}

/** A diff with further writes at paths that it does not write itself, in order. */
export function withWrites(diff: readonly Write[], more: readonly Write[]): readonly Write[] {
  const written = new Set(diff.map(({ path }) => path));
  const isWritten = (path: string): boolean =>
    written.has(path) || [...pathsAbove(path)].some((above) => written.has(above));
  const missing = more.filter(({ path }) => !isWritten(path));
  if (missing.length === 0) return diff;
  return [...diff, ...missing].sort((a, b) => compareCodeUnits(a.path, b.path));
}
