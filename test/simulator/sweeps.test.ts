// Proves that sync keeps its promises at every single frame and commit of a small scenario, and on
// every random network on which it once did not.
import { describe, expect, test } from "vitest";
import { keptSeeds } from "./kept-seeds.ts";
import { expectToHold, SEEDS_TIMEOUT_MS } from "./random-seeds.ts";
import { sweepCommits, sweepFrames } from "./sweeps/sweeps.ts";

const TIMEOUT_MS = 120_000;

test(
  "the seeds that failed once hold now",
  async () => {
    for (const seed of keptSeeds()) await expectToHold(seed);
  },
  SEEDS_TIMEOUT_MS,
);

describe.each(["pull", "push", "both"] as const)("every place of one %s", (direction) => {
  test.each(["cut", "silence", "damage"] as const)(
    "%s at every frame, both ways",
    async (how) => {
      const { tried, failures } = await sweepFrames(direction, how);
      expect(failures).toEqual([]);
      expect(tried).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );

  test.each(["crash", "refuse"] as const)(
    "%s at every commit",
    async (kind) => {
      const { tried, failures } = await sweepCommits(direction, kind);
      expect(failures).toEqual([]);
      expect(tried).toBeGreaterThan(kind === "crash" ? 8 : 4);
    },
    TIMEOUT_MS,
  );
});
