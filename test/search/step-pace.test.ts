// Proves when the thread that indexes takes a step: at once for an edit and for who waits, and for
// the commits of a sync once many are together or a moment has passed.
import { expect, test } from "vitest";
import type { Timers } from "../../src/base/ports/timers.ts";
import { StepPace } from "../../src/search/sqlite/step-pace.ts";

/** A pace with the steps it asked for; `pass` lets the timers that are set ring. */
function paced() {
  const set = new Set<() => void>();
  const timers: Timers = {
    after(_, run) {
      set.add(run);
      return () => set.delete(run);
    },
  };
  let steps = 0;
  const pace = new StepPace(timers, () => {
    steps += 1;
  });
  const pass = (): void => {
    for (const run of [...set]) {
      set.delete(run);
      run();
    }
  };
  return { pace, pass, steps: () => steps };
}

test("an edit is indexed at once", () => {
  const { pace, steps } = paced();
  pace.added(1);
  pace.added(99);
  expect(steps()).toBe(2);
});

test("five commits of 200 entries are one step", () => {
  const { pace, pass, steps } = paced();
  for (let commit = 0; commit < 15; commit++) pace.added(200);
  pass();
  expect(steps()).toBe(3);
});

test("what is less than a step waits a moment and no longer", () => {
  const { pace, pass, steps } = paced();
  pace.added(200);
  pace.added(200);
  expect(steps()).toBe(0);
  pass();
  pass();
  expect(steps()).toBe(1);
});

test("who waits, and an edit, take along what was gathered", () => {
  const { pace, pass, steps } = paced();
  pace.added(200);
  pace.hurry();
  pace.added(200);
  pace.added(1);
  pass();
  expect(steps()).toBe(2);
});

test("nothing is due after the end", () => {
  const { pace, pass, steps } = paced();
  pace.added(200);
  pace.end();
  pass();
  expect(steps()).toBe(0);
});
