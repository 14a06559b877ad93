import { createInterface } from "node:readline";
import { DRIVEN_PACE } from "../base/limits.ts";
import { ShiftedClock } from "../base/ports/clock.ts";
import { PassingTime } from "../base/ports/passing-time.ts";
import { systemTimers } from "../base/ports/timers.ts";
import type { OpenOptions } from "../instance/open-options.ts";
import { editionOf, type Version } from "../scenario/world/editions.ts";
import type { Store } from "../store/store.ts";
import type { Cli } from "./cli.ts";
import { type DiskFailure, DrivenStore } from "./driven-store.ts";
import { EXIT_INTERRUPTED } from "./interrupt.ts";

/** How a server is set up that another program drives, and what lets go of that program. */
export interface Driven {
  readonly open: Pick<OpenOptions, "clock" | "pace" | "edition" | "driver">;
  end(): void;
}

/** By how much the clock is off at first, and the version that the program is to be. */
export interface DriveOptions {
  readonly shiftMs: number;
  readonly version: Version | undefined;
}

/**
 * Lets the program that started this server drive it, as `scenario run --real` does. Each line on
 * stdin is a word and its argument, and is answered by `done` on stdout:
 *
 *   clock MS              by how much the wall clock is off from now on
 *   pass MS               so much time is over, for links with a schedule
 *   disk next|on|off      whether commits fail: the next one, all, none
 *   hold on|off           each commit is told with `commit`, and waits for a
 *   go                    which lets the one that is held longest go on
 *
 * Sessions notice sooner than usual that a peer is silent. With the end of stdin this process ends
 * where it stands, so that it cannot outlive its driver.
 */
export function drive(cli: Cli, { shiftMs, version }: DriveOptions): Driven {
  const clock = new ShiftedClock();
  clock.shiftMs = shiftMs;
  const time = new PassingTime(clock, systemTimers);
  const store = new DrivenStore(() => cli.out.write("commit\n"));
  const words: Readonly<Record<string, (argument: string) => void>> = {
    clock: (ms) => {
      clock.shiftMs = Number(ms);
    },
    pass: (ms) => time.pass(Number(ms)),
    disk: (failure) => store.fail(failure as DiskFailure),
    hold: (isOn) => store.hold(isOn === "on"),
    go: () => store.go(),
  };
  const leave = (): void => process.exit(EXIT_INTERRUPTED);
  const lines = createInterface({ input: cli.stdin })
    .on("line", (line) => {
      const [word = "", argument = ""] = line.split(" ");
      words[word]?.(argument);
      cli.out.write("done\n");
    })
    .on("close", leave);
  const edition = version === undefined ? {} : { edition: editionOf(version) };
  const driver = {
    schedule: { clock: time, timers: time },
    around: (it: Store) => store.around(it),
  };
  return {
    open: { clock, pace: DRIVEN_PACE, driver, ...edition },
    end() {
      lines.off("close", leave).close();
      cli.stdin.destroy();
    },
  };
}
