import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { readScenario } from "../../../src/scenario/format/read-scenario.ts";
import type { Scenario } from "../../../src/scenario/format/scenario.ts";
import type { Kept, Report, SimulateOptions } from "../simulate.ts";
import { Budget } from "./reduce.ts";
import { shrinkScenario } from "./shrink-scenario.ts";
import { shrinkSeed } from "./shrink-seed.ts";
import { tellings } from "./tellings.ts";
import { toScenario } from "./to-scenario.ts";

const TRIES_MAX = 400;
const SHRINK_MS_MAX = 20_000;
/** What shrinking may take: as a plan, and again as a scenario. */
const EFFORT: Effort = { tries: TRIES_MAX, ms: SHRINK_MS_MAX };

interface Effort {
  readonly tries: number;
  readonly ms: number;
}

/** What a failing seed was made to. */
export interface Shrunk {
  /** The seed with fewer events and faults. */
  readonly kept: Kept;
  /** A scenario that fails alike; undefined when it takes what scenarios have no words for. */
  readonly scenario: Scenario | undefined;
}

/** Makes a failing seed small: first in its own plan, then as a scenario. */
export async function shrink(
  options: SimulateOptions,
  failed: Report,
  { tries, ms }: Effort = EFFORT,
): Promise<Shrunk> {
  const invariant = failed.violations[0]?.invariant ?? "";
  const small = await shrinkSeed(options, failed, new Budget(tries, ms));
  const name = `${invariant}: seed ${options.seed} of the random simulator`;
  const sought = { invariant, planted: options.planted ?? {} };
  const budget = new Budget(tries, ms);
  for (const recorded of tellings(small.recorder.all)) {
    const told = toScenario(small.cast, recorded, name);
    const scenario = await shrinkScenario(told, sought, budget);
    if (scenario !== undefined) return { kept: small.kept, scenario };
  }
  return { kept: small.kept, scenario: undefined };
}

/** Writes a scenario file; what is written is what is read again. */
export function writeScenario(folder: string, seed: number, scenario: Scenario): string {
  const file = join(folder, `seed-${seed}.yaml`);
  const text = stringify(scenario);
  readScenario(text, file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** How to replay what a seed was made to: one command for each. */
export function replayWords(seed: number, { kept, scenario }: Shrunk, folder: string): string[] {
  const events = [...kept.events].join(",");
  const faults = [...kept.faults].join(",");
  const words = `npm run simulate -- --seed ${seed} --seeds 1 --trace`;
  const plan = `smaller: ${words} --events "${events}" --faults "${faults}"`;
  if (scenario === undefined) return [plan, "no scenario fails alike: it has no words for this"];
  const file = writeScenario(folder, seed, scenario);
  return [plan, `as a scenario: npm run syncline -- scenario run ${file}`];
}
