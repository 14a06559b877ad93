import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Bugs of stores, by their names in `planted`, beside those of `MUTANTS`. */
export const PLANTED_NAMES = [
  "ackBeforeCommit",
  "appliedTwice",
  "batchLostOnCut",
  "caughtUpTooEarly",
  "clockForgotten",
  "cursorBeforeData",
  "cursorForgotten",
  "doorLeftOpen",
  "editForgotten",
  "enteredWithoutHistory",
  "evaluatedOnce",
  "leavesUnsaid",
  "leftStays",
  "mappingLeftOut",
  "mergedByArrival",
  "namedByArrival",
  "purgedComesBack",
  "purgesNotRelayed",
  "refusedIsStored",
  "removalsUnguarded",
  "scopeIgnored",
] as const;

/** How a bug was found, and with how many seeds. */
export interface Found {
  readonly seeds: number;
  readonly invariant: string;
}

/** Plants a bug in a process of its own; undefined when no seed finds it. */
export function seedsUntilFound(name: string, seedsMax: number): Found | undefined {
  const script = join(import.meta.dirname, "find.ts");
  const args = ["--max-semi-space-size=64", script, name, String(seedsMax)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} could not be planted: ${stderr}`);
  const found = JSON.parse(stdout) as { seed: number; invariant: string } | null;
  return found === null ? undefined : { seeds: found.seed + 1, invariant: found.invariant };
}
