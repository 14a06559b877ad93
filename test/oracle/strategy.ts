/** Strategies by path, and the order in which values win. */
import { sameJson } from "../../src/base/canonical.ts";
import { parsePointer } from "../../src/base/pointer.ts";
import type { History } from "./history.ts";
import { isFlag } from "./paths.ts";
import type { Entry, OraclePolicy, OracleStrategy, Value } from "./types.ts";

/** Over this many UTF-8 bytes a text is a register. */
const TEXT_BYTES_MAX = 64 * 1024;

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

/** True when a text strategy can merge these values as texts. */
export function areTexts(values: readonly Value[]): boolean {
  return values.every((value) => {
    if (value === undefined) return true;
    return typeof value === "string" && Buffer.byteLength(value) <= TEXT_BYTES_MAX;
  });
}

/** The page's `max by (preferred, priority, hlc, revision id)`. */
export function winnerOf(
  history: History,
  policy: OraclePolicy,
  strategy: OracleStrategy,
  path: string,
  entries: readonly Entry[],
): Entry {
  const deletes = strategy === "set" ? "edit-wins" : policy.deletes;
  const priority = typeof strategy === "object" ? strategy.priority : [];
  const rank = (entry: Entry): (number | string)[] => {
    const { actor, hlc } = history.revision(entry.revision);
    const place = priority.indexOf(actor.slice(0, actor.indexOf("/")));
    const alive = isFlag(path) ? entry.value === undefined : entry.value !== undefined;
    const preferred = alive === (deletes === "edit-wins");
    return [preferred ? 1 : 0, place < 0 ? 0 : priority.length - place, hlc, entry.revision];
  };
  return entries.reduce((best, entry) => (isGreater(rank(entry), rank(best)) ? entry : best));
}

function isGreater(a: readonly (number | string)[], b: readonly (number | string)[]): boolean {
  for (const [at, one] of a.entries()) {
    const other = b[at] as number | string;
    if (one !== other) return one > other;
  }
  return false;
}
