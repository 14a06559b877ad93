// Proves that the simulator finds faults of the merge engine itself, which all instances have alike,
// so that comparing them with each other shows nothing.
import { afterEach, describe, expect, test, vi } from "vitest";
import { simulate } from "./simulate.ts";

const SEEDS_MAX = 500;
const TIMEOUT_MS = 120_000;

const engine = vi.hoisted(() => ({ fault: "" }));

vi.mock("../../src/merge/conflict-log.ts", async (load) => {
  const real = await load<typeof import("../../src/merge/conflict-log.ts")>();
  const conflictLog: typeof real.conflictLog = (...history) =>
    real
      .conflictLog(...history)
      .filter(({ kind }) => engine.fault !== "conflict dropped" || kind !== "value");
  return { ...real, conflictLog };
});

vi.mock("../../src/log/edition.ts", async (load) => {
  const real = await load<typeof import("../../src/log/edition.ts")>();
  const knows: typeof real.knows = (...asked) =>
    engine.fault === "newer taken for known" || real.knows(...asked);
  return { ...real, knows };
});

afterEach(() => {
  engine.fault = "";
});

describe("the random seeds find", () => {
  test.each([
    ["conflict dropped", ["no-lost-edit"]],
    ["newer taken for known", ["replays", "cursor-truthful"]],
  ])(
    "%s",
    async (fault, invariants) => {
      engine.fault = fault;
      for (let seed = 0; seed < SEEDS_MAX; seed++) {
        const { violations } = await simulate({ seed });
        if (violations[0] === undefined) continue;
        expect(invariants).toContain(violations[0].invariant);
        return;
      }
      expect.fail(`not found in ${SEEDS_MAX} seeds`);
    },
    TIMEOUT_MS,
  );
});
