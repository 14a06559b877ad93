import { type Report, type SimulateOptions, simulate } from "./simulate.ts";

/** Every so many seeds, one is run twice. */
export const DETERMINISM_EVERY = 20;

/** Runs a seed twice: what does not depend on the seed alone would show as another trace. */
export async function simulateTwice(options: SimulateOptions): Promise<Report> {
  const first = await simulate(options);
  const second = await simulate(options);
  if (first.traceHash === second.traceHash) return second;
  const detail = `two runs differ: ${first.traceHash}, ${second.traceHash}`;
  return { ...second, violations: [...second.violations, { invariant: "deterministic", detail }] };
}
