import { compareCodeUnits } from "../base/canonical.ts";
import type { Json } from "../base/json.ts";
import { isBelow } from "../base/pointer.ts";
import { contentOf } from "../merge/content-of.ts";
import { type Content, leavesOf } from "../model/content.ts";
import type { Write } from "../model/record.ts";
import type { Resolution } from "./author.ts";

/** What a revision decides beside what it changes. */
export interface Decided {
  /** Sorted ids of the conflicts that it resolves. */
  readonly resolves: readonly string[];
  /** Writes that restate what stands there already. */
  readonly writes: readonly Write[];
}

export const NOTHING_DECIDED: Decided = { resolves: [], writes: [] };

/** A resolution that says what shall stand where. */
type Decision = Resolution & { readonly path: string; readonly value?: Json };

/** The content once each decision stands. */
export function resolvedContent(content: Content, resolutions: readonly Resolution[]): Content {
  const leaves = leavesOf(content);
  for (const { path, value } of decisionsIn(resolutions)) {
    if (value === undefined) {
      leaves.delete(path);
      continue;
    }
    for (const other of leaves.keys()) {
      if (isBelow(other, path) || isBelow(path, other)) leaves.delete(other);
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
  const isWritten = (path: string): boolean =>
    diff.some((write) => write.path === path || isBelow(path, write.path));
  const missing = more.filter(({ path }) => !isWritten(path));
  if (missing.length === 0) return diff;
  return [...diff, ...missing].sort((a, b) => compareCodeUnits(a.path, b.path));
}
