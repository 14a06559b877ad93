// Proves that sync keeps its promises on hundreds of random networks, with everything going
// wrong at random, and at every single frame and commit of a small scenario; and that the seeds
// met the trouble they are for, and depend on nothing but themselves.
import { describe, expect, test } from "vitest";
import { DETERMINISM_EVERY, simulateTwice } from "./determinism.ts";
import { keptSeeds } from "./kept-seeds.ts";
import { printFailure } from "./print-failure.ts";
import { simulate } from "./simulate.ts";
import { sweepCommits, sweepFrames } from "./sweeps/sweeps.ts";

const SEEDS = 500;
const SEEDS_PER_TEST = 100;
const TIMEOUT_MS = 120_000;

const marks = new Set<string>();

async function expectToHold(seed: number): Promise<void> {
  const run = seed % DETERMINISM_EVERY === 0 ? simulateTwice : simulate;
  const report = await run({ seed });
  for (const mark of report.marks) marks.add(mark);
  if (report.violations.length > 0) expect.fail(printFailure(report));
}

describe("random seeds", () => {
  const starts = Array.from({ length: SEEDS / SEEDS_PER_TEST }, (_, part) => part * SEEDS_PER_TEST);

  test.each(starts)(
    `hold: ${SEEDS_PER_TEST} from %i`,
    async (start) => {
      for (let seed = start; seed < start + SEEDS_PER_TEST; seed++) await expectToHold(seed);
    },
    TIMEOUT_MS,
  );

  test("met each kind of trouble", () => {
    const expected = [
      "batch half known",
      "conflict found",
      "discarded",
      "diverged",
      "duplicates dropped",
      "entered a scope",
      "left a scope",
      "parked",
      "policy adopted",
      "purged",
      "runs at once",
      ...["author", "apply", "takePolicies", "changePolicy", "saveLink", "saveRun"].flatMap(
        (kind) => [`crash before ${kind}`, `crash after ${kind}`, `refuse before ${kind}`],
      ),
      ...["pull", "push", "both"].flatMap((direction) =>
        ["ok", "DISCONNECTED", "FRAME_DAMAGED", "CONNECT_FAILED", "TIMEOUT", "DISK_FULL"].map(
          (end) => `${direction} ended ${end}`,
        ),
      ),
    ];
    expect(expected.filter((mark) => !marks.has(mark))).toEqual([]);
  });

  test(
    "that failed once hold now",
    async () => {
      for (const seed of keptSeeds()) await expectToHold(seed);
    },
    TIMEOUT_MS,
  );
});

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
