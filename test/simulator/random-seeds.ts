import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DETERMINISM_EVERY, simulateTwice } from "./determinism.ts";
import { explainFailure } from "./print-failure.ts";
import { simulate } from "./simulate.ts";

const SEEDS_PER_FILE = 500;
const SEEDS_PER_TEST = 100;
export const SEEDS_TIMEOUT_MS = 180_000;

/** Where scenarios of failing seeds are written. */
const FOLDER = join(tmpdir(), "syncline-failed-seeds");

/** Simulates a seed; one that fails is made small, and fails the test. Returns what it met. */
export async function expectToHold(seed: number): Promise<ReadonlySet<string>> {
  const run = seed % DETERMINISM_EVERY === 0 ? simulateTwice : simulate;
  const report = await run({ seed });
  if (report.violations.length > 0) expect.fail(await explainFailure(report, FOLDER));
  return report.marks;
}

/** The random seeds of one file: they hold, and each kind of trouble is met in them. */
export function testSeeds(part: number): void {
  const marks = new Set<string>();
  const starts = Array.from(
    { length: SEEDS_PER_FILE / SEEDS_PER_TEST },
    (_, at) => part * SEEDS_PER_FILE + at * SEEDS_PER_TEST,
  );

  test.each(starts)(
    `hold: ${SEEDS_PER_TEST} from %i`,
    async (start) => {
      for (let seed = start; seed < start + SEEDS_PER_TEST; seed++) {
        for (const mark of await expectToHold(seed)) marks.add(mark);
      }
    },
    SEEDS_TIMEOUT_MS,
  );

  test("met each kind of trouble", () => {
    expect(EXPECTED_MARKS.filter((mark) => !marks.has(mark))).toEqual([]);
  });
}

const EXPECTED_MARKS: readonly string[] = [
  "batch half known",
  "conflict found",
  "discarded",
  "diverged",
  "duplicates dropped",
  "entered a scope",
  "index behind at a start",
  "left a scope",
  "organizations mapped",
  "parked",
  "policy adopted",
  "purged",
  "runs at once",
  ...["set back: restore", "set back: files", "set back: machine", "power cut", "paused"],
  ...["copied: folder", "gets an identity of its own", "wiped"],
  ...["ioError before author", "ioError before apply"],
  ...["author", "apply", "takePolicies", "changePolicy", "saveLink", "saveRun"].flatMap((kind) => [
    `crash before ${kind}`,
    `crash after ${kind}`,
    `refuse before ${kind}`,
  ]),
  ...["pull", "push", "both"].flatMap((direction) =>
    ["ok", "DISCONNECTED", "FRAME_DAMAGED", "CONNECT_FAILED", "TIMEOUT", "DISK_FULL"].map(
      (end) => `${direction} ended ${end}`,
    ),
  ),
];
