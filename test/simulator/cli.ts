import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { DETERMINISM_EVERY, simulateTwice } from "./determinism.ts";
import { printFailure } from "./print-failure.ts";
import { type Report, simulate } from "./simulate.ts";

const USAGE = "usage: npm run simulate -- [--seeds N] [--seed S] [--trace]";
const SEEDS = 1_000;
const SEED_MAX = 2 ** 31;
const FAILURES_MAX = 10;
const PROGRESS_MS = 5_000;

interface Request {
  readonly seeds: number;
  readonly seed: number;
  readonly trace: boolean;
}

/** Simulates seeds one after the other; true when nothing failed. */
async function main({ seeds, seed, trace }: Request): Promise<boolean> {
  console.error(`simulating ${seeds} seeds from ${seed}`);
  const startMs = performance.now();
  const summary = (done: number, failed: number): string => {
    const msPerSeed = (performance.now() - startMs) / done;
    return `${done} seeds, ${failed} failed, ${msPerSeed.toFixed(1)} ms per seed`;
  };
  let failed = 0;
  let toldMs = startMs;
  for (let done = 1; done <= seeds; done++) {
    const report = await simulateOne(seed + done - 1, trace);
    if (trace) console.log(report.timeline);
    if (report.violations.length > 0) {
      failed += 1;
      console.log(printFailure(report));
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

async function simulateOne(seed: number, keepTrace: boolean): Promise<Report> {
  if (seed % DETERMINISM_EVERY === 0) return await simulateTwice({ seed, keepTrace });
  return await simulate({ seed, keepTrace });
}

function requestOf(args: readonly string[]): Request | undefined {
  try {
    const options = {
      seeds: { type: "string" },
      seed: { type: "string" },
      trace: { type: "boolean" },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const seeds = Number(values.seeds ?? SEEDS);
    const seed = Number(values.seed ?? randomInt(SEED_MAX));
    const isWhole = Number.isSafeInteger(seeds) && Number.isSafeInteger(seed);
    return isWhole && seeds > 0 ? { seeds, seed, trace: values.trace === true } : undefined;
  } catch {
    return undefined;
  }
}

const request = requestOf(process.argv.slice(2));
if (request === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = (await main(request)) ? 0 : 1;
}
