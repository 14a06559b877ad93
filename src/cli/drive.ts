import { createInterface } from "node:readline";
import { DRIVEN_PACE } from "../base/limits.ts";
import { ShiftedClock } from "../base/ports/clock.ts";
import type { OpenOptions } from "../instance/open-options.ts";
import type { Cli } from "./cli.ts";
import { EXIT_INTERRUPTED } from "./interrupt.ts";

/** How a server is set up that another program drives, and what lets go of that program. */
export interface Driven {
  readonly ports: Pick<OpenOptions, "clock" | "pace">;
  end(): void;
}

/**
 * Lets the program that started this server drive it, as `scenario run --real` does: each line on
 * stdin is by how many milliseconds the clock is off from now on, and is answered on stdout. Sessions
 * notice sooner than usual that a peer is silent. With the end of stdin this process ends where it
 * stands, so that it cannot outlive its driver.
 */
export function drive(cli: Cli, shiftMs: number): Driven {
  const clock = new ShiftedClock();
  clock.shiftMs = shiftMs;
  const leave = (): void => process.exit(EXIT_INTERRUPTED);
  const lines = createInterface({ input: cli.stdin })
    .on("line", (line) => {
      if (Number.isFinite(Number(line))) clock.shiftMs = Number(line);
      cli.out.write(`clock ${line}\n`);
    })
    .on("close", leave);
  return {
    ports: { clock, pace: DRIVEN_PACE },
    end() {
      lines.off("close", leave).close();
      cli.stdin.destroy();
    },
  };
}
