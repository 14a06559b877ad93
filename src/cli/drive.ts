import { createInterface } from "node:readline";
import { DRIVEN_PACE } from "../base/limits.ts";
import { ShiftedClock } from "../base/ports/clock.ts";
import type { OpenOptions } from "../instance/open-options.ts";
import type { Cli } from "./cli.ts";
import { EXIT_INTERRUPTED } from "./interrupt.ts";

/**
 * Lets the program that started this server drive it, as `scenario run --real` does: each line on
 * stdin is by how many milliseconds the clock is off from now on, and is answered on stdout. Sessions
 * notice sooner than usual that a peer is silent. With the end of stdin this process ends where it
 * stands, so that it cannot outlive its driver.
 */
export function drive(cli: Cli, shiftMs: number): Pick<OpenOptions, "clock" | "pace"> {
  const clock = new ShiftedClock();
  clock.shiftMs = shiftMs;
  createInterface({ input: cli.stdin })
    .on("line", (line) => {
      if (Number.isFinite(Number(line))) clock.shiftMs = Number(line);
      cli.out.write(`clock ${line}\n`);
    })
    .on("close", () => process.exit(EXIT_INTERRUPTED));
  return { clock, pace: DRIVEN_PACE };
}
