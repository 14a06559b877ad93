/**
 * Runs a check over many random histories. HISTORIES=20 in the environment multiplies their number,
 * and SEED=… runs that one alone. A failure tells the smallest history that still fails.
 */
import { expect } from "vitest";
import {
  type HistoryOptions,
  play,
  type RandomHistory,
  randomHistory,
  type Script,
  scriptOf,
  shrink,
} from "./histories.ts";

const FACTOR = Number(process.env.HISTORIES ?? 1);
const SEED = process.env.SEED;

/** What a check finds wrong, in words; undefined when all is well. */
export type Check = (random: RandomHistory) => string | undefined;

export interface Seeds {
  readonly from: number;
  readonly count: number;
}

/** In milliseconds: more than a busy machine needs. */
export function timeFor({ count }: Seeds): number {
  return 300_000 + count * FACTOR * 60;
}

export function checkHistories(
  seeds: Seeds,
  optionsFor: (seed: number) => HistoryOptions,
  check: Check,
): void {
  const from = Number(SEED ?? seeds.from);
  const count = SEED === undefined ? seeds.count * FACTOR : 1;
  for (let seed = from; seed < from + count; seed++) {
    const options = optionsFor(seed);
    const found = check(randomHistory(seed, options));
    if (found !== undefined) expect.fail(report(scriptOf(seed, options), options, check));
  }
}

function report(script: Script, options: HistoryOptions, check: Check): string {
  const smallest = shrink(script, (one) => check(play(one, options)) !== undefined);
  const random = play(smallest, options);
  const lines = [...random.revisions.values()].map((one) => JSON.stringify(one));
  return [`SEED=${script.seed}`, check(random), ...lines].join("\n");
}
