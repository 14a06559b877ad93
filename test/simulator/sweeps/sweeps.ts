import type { Planted } from "../../../src/scenario/world/simulated-instance.ts";
import type { BreakPoint } from "../../../src/scenario/world/wire.ts";
import type { Direction } from "../../../src/store/rows.ts";
import { type OneFault, runPairScenario } from "./pair-scenario.ts";

/** What a sweep found: how many places it tried, and where something did not hold. */
export interface SweepReport {
  readonly tried: number;
  readonly failures: readonly SweepFailure[];
}

export interface SweepFailure {
  readonly fault: OneFault;
  readonly invariant: string;
  readonly detail: string;
}

/** Breaks the connection at every frame, on both ways, and at the close that follows the last. */
export async function sweepFrames(
  direction: Direction,
  how: BreakPoint["how"],
  planted: Planted = {},
): Promise<SweepReport> {
  const { frames } = await runPairScenario(direction, { kind: "none" });
  const faults = (["out", "in"] as const).flatMap((way) =>
    countTo(frames[way]).map((frame): OneFault => ({ kind: "break", at: { way, frame, how } })),
  );
  return await sweep(direction, faults, planted);
}

/** Stops each instance before and after each of its commits, or lets the commit fail. */
export async function sweepCommits(
  direction: Direction,
  kind: "crash" | "refuse",
  planted: Planted = {},
): Promise<SweepReport> {
  const { commits } = await runPairScenario(direction, { kind: "none" }, planted);
  const sides = kind === "crash" ? (["before", "after"] as const) : (["before"] as const);
  const faults = Object.entries(commits).flatMap(([instance, count]) =>
    countTo(count).flatMap((commit) =>
      sides.map((side): OneFault => ({ kind, at: { instance, commit, side } })),
    ),
  );
  return await sweep(direction, faults, planted);
}

async function sweep(
  direction: Direction,
  faults: readonly OneFault[],
  planted: Planted,
): Promise<SweepReport> {
  const failures: SweepFailure[] = [];
  for (const fault of faults) {
    const { violations } = await runPairScenario(direction, fault, planted);
    const first = violations[0];
    if (first !== undefined) failures.push({ fault, ...first });
  }
  return { tried: faults.length, failures };
}

function countTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
