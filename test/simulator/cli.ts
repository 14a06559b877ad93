import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { DETERMINISM_EVERY, simulateTwice } from "./determinism.ts";
import type { DisasterClass } from "./plan/disasters.ts";
import type { FaultClass } from "./plan/swarm.ts";
import { explainFailure, printFailure } from "./print-failure.ts";
import { type Kept, type Report, simulate } from "./simulate.ts";

const USAGE = `usage: npm run simulate -- [--seeds N] [--seed S] [--trace] [--shrink DIR]
       npm run simulate -- --seed S --seeds 1 [--events 0,3,…] [--faults cut,…] [--trace]`;
const SEEDS = 1_000;
const SEED_MAX = 2 ** 31;
const FAILURES_MAX = 10;
const PROGRESS_MS = 5_000;

interface Request {
  readonly seeds: number;
  readonly seed: number;
  readonly trace: boolean;
  /** Where scenarios of failing seeds are written; they are not made small unless given. */
  readonly folder: string | undefined;
  /** What is left of a seed that was made small. */
  readonly kept: Kept | undefined;
}

/** Simulates seeds one after the other; true when nothing failed. */
async function main(request: Request): Promise<boolean> {
  const { seeds, seed, trace, folder } = request;
  console.error(`simulating ${seeds} seeds from ${seed}`);
  const startMs = performance.now();
  const summary = (done: number, failed: number): string => {
    const msPerSeed = (performance.now() - startMs) / done;
    return `${done} seeds, ${failed} failed, ${msPerSeed.toFixed(1)} ms per seed`;
  };
  let failed = 0;
  let toldMs = startMs;
  for (let done = 1; done <= seeds; done++) {
    const report = await simulateOne(seed + done - 1, request);
    if (trace) console.log(report.timeline);
    if (report.violations.length > 0) {
      failed += 1;
      console.log(
        folder === undefined ? printFailure(report) : await explainFailure(report, folder),
      );
    }
    if (failed === FAILURES_MAX || done === seeds) {
      console.log(summary(done, failed));
      break;
    }
    if (performance.now() - toldMs > PROGRESS_MS) {
      toldMs = performance.now();
      console.error(summary(done, failed));
    }
  }
  return failed === 0;
}

async function simulateOne(seed: number, { trace, kept }: Request): Promise<Report> {
  const options = { seed, keepTrace: trace, ...(kept === undefined ? {} : { kept }) };
  if (seed % DETERMINISM_EVERY === 0) return await simulateTwice(options);
  return await simulate(options);
}

function requestOf(args: readonly string[]): Request | undefined {
  try {
    const options = {
      seeds: { type: "string" },
      seed: { type: "string" },
      trace: { type: "boolean" },
      shrink: { type: "string" },
      events: { type: "string" },
      faults: { type: "string" },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const seeds = Number(values.seeds ?? SEEDS);
    const seed = Number(values.seed ?? randomInt(SEED_MAX));
    const isWhole = Number.isSafeInteger(seeds) && Number.isSafeInteger(seed);
    if (!isWhole || seeds <= 0) return undefined;
    const { trace = false, shrink: folder, events, faults } = values;
    return { seeds, seed, trace, folder, kept: keptOf(events, faults) };
  } catch {
    return undefined;
  }
}

/** A list that is not given leaves nothing of its kind. */
function keptOf(events: string | undefined, faults: string | undefined): Kept | undefined {
  if (events === undefined && faults === undefined) return undefined;
  const listed = (list = ""): string[] => list.split(",").filter(Boolean);
  return {
    events: new Set(listed(events).map(Number)),
    faults: new Set(listed(faults) as (FaultClass | DisasterClass)[]),
  };
}

const request = requestOf(process.argv.slice(2));
if (request === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = (await main(request)) ? 0 : 1;
}
