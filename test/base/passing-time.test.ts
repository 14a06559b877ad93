// Proves that time which is told to pass takes timers along: what is due by then runs once, what is not
// waits for the rest of its time, what was called off stays so; the wall clock is left alone.
import { expect, test } from "vitest";
import { PassingTime } from "../../src/base/ports/passing-time.ts";
import type { Timers } from "../../src/base/ports/timers.ts";

/** Timers that note what they are asked for, and run when told to. */
function manual() {
  const set = new Map<() => void, number>();
  const timers: Timers = {
    after(ms, run) {
      set.set(run, ms);
      return () => set.delete(run);
    },
  };
  const due = (): void => {
    for (const [run, ms] of set) {
      if (ms > 0) continue;
      set.delete(run);
      run();
    }
  };
  return { timers, due, waits: () => [...set.values()] };
}

test("what is due in the time that passes runs soon, and once", () => {
  const { timers, due, waits } = manual();
  const time = new PassingTime({ nowMs: () => 7, monotonicMs: () => 100 }, timers);
  const ran: string[] = [];
  time.after(300_000, () => ran.push("five minutes"));
  time.after(600_000, () => ran.push("ten minutes"));
  const cancel = time.after(300_000, () => ran.push("called off"));
  cancel();
  time.pass(240_000);
  due();
  expect([ran, waits()]).toEqual([[], [60_000, 360_000]]);
  time.pass(120_000);
  due();
  expect([ran, waits()]).toEqual([["five minutes"], [240_000]]);
  expect([time.nowMs(), time.monotonicMs()]).toEqual([7, 360_100]);
  time.pass(-1);
  expect(time.monotonicMs()).toBe(360_100);
});
