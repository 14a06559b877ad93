/** Strategies by path, and the order in which values win. */
import { sameJson } from "../base/canonical.ts";
import { parsePointer } from "../base/pointer.ts";
import type { History } from "./history.ts";
import { isFlag } from "./paths.ts";
import type { Entry, OraclePolicy, OracleStrategy, Value } from "./types.ts";

/** The strategy of the longest pattern that covers the path; "*" stands for one key. */
export function strategyOf(policy: OraclePolicy, type: string, path: string): OracleStrategy {
  const keys = parsePointer(path);
  const rank = (pattern: string[]) => pattern.map((key) => (key === "*" ? "1" : "2")).join("");
  const fitting = Object.entries(policy.types[type] ?? {})
    .map(([pattern, strategy]) => ({ keys: parsePointer(pattern), strategy }))
    .filter((one) => one.keys.length <= keys.length)
    .filter((one) => one.keys.every((key, at) => key === "*" || key === keys[at]))
    .sort((a, b) => (rank(a.keys) < rank(b.keys) ? 1 : -1));
  return fitting[0]?.strategy ?? policy.default;
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameJson(a, b);
}

/**
 * The page's `max by (preferred, priority, hlc, revision id)`. A merged pin ranks as the best of the
 * edits behind it, and where that does not tell two apart, as itself.
 */
export function winnerOf(
  history: History,
  policy: OraclePolicy,
  strategy: OracleStrategy,
  path: string,
  entries: readonly Entry[],
): Entry {
  if (entries.length === 1) return entries[0] as Entry;
  const deletes = strategy === "set" ? "edit-wins" : policy.deletes;
  const priority = typeof strategy === "object" ? strategy.priority : [];
  const rankOf = (edit: string): Rank => {
    const { actor, hlc } = history.revision(edit);
    const place = priority.indexOf(actor.slice(0, actor.indexOf("/")));
    return [place < 0 ? 0 : priority.length - place, hlc, edit];
  };
  const rank = (entry: Entry): Rank => {
    const alive = isFlag(path) ? entry.value === undefined : entry.value !== undefined;
    const preferred = alive === (deletes === "edit-wins");
    const [best] = entry.of.map(rankOf).sort((a, b) => (isGreater(a, b) ? -1 : 1)) as [Rank];
    return [preferred ? 1 : 0, ...best, entry.revision];
  };
  return entries.reduce((best, entry) => (isGreater(rank(entry), rank(best)) ? entry : best));
}

/** How the page's rules are called in a conflict record. */
export function ruleOf(policy: OraclePolicy, strategy: OracleStrategy, isDelete: boolean): string {
  if (strategy === "set") return "set";
  if (isDelete) return policy.deletes;
  return typeof strategy === "object" ? "priority" : "newest";
}

type Rank = readonly (number | string)[];

function isGreater(a: Rank, b: Rank): boolean {
  for (const [at, one] of a.entries()) {
    const other = b[at] as number | string;
    if (one !== other) return one > other;
  }
  return false;
}
