// Proves that a failing seed is made small: to a scenario of few steps which breaks the same invariant
// as long as the fault of the program is there, and holds once it is gone; and that every kind of
// trouble that seeds draw is told in it, for which scenarios have a word.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import type { Scenario } from "../../src/scenario/format/scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";
import type { Planted } from "../../src/scenario/world/simulated-instance.ts";
import * as planted from "./planted/planted.ts";
import { scopeIgnored } from "./planted/planted-parts.ts";
import * as troubles from "./planted/planted-troubles.ts";
import { replayWords, type Shrunk, shrink } from "./shrink/shrink.ts";
import { type Kept, type Report, type SimulateOptions, simulate } from "./simulate.ts";

const SEEDS_MAX = 200;
const FAILED_MAX = 5;
const TIMEOUT_MS = 120_000;
/** Enough for these, which are not the smallest then. */
const EFFORT = { tries: 40, ms: 10_000 };
const ALL_EVENTS: Kept["events"] = new Set(Array.from({ length: 1_000 }, (_, at) => at));
const folder = mkdtempSync(join(tmpdir(), "syncline-shrink-"));

afterAll(() => rmSync(folder, { recursive: true }));

async function firstFailure(options: SimulateOptions): Promise<Report> {
  const { seed: start } = options;
  for (let seed = start; seed < start + SEEDS_MAX; seed++) {
    const report = await simulate({ ...options, seed });
    if (report.violations.length > 0) return report;
  }
  throw new Error(`not found in ${SEEDS_MAX} seeds`);
}

/** The first seed of a few that fail of which a scenario tells in these words: not each can be told. */
async function firstTold(options: SimulateOptions, words: RegExp) {
  let { seed } = options;
  for (let failed = 1; ; failed++) {
    const report = await firstFailure({ ...options, seed });
    const small = await shrink({ ...options, seed: report.seed }, report, EFFORT);
    const isTold = small.scenario !== undefined && words.test(JSON.stringify(small.scenario));
    if (isTold || failed === FAILED_MAX) return { report, small };
    seed = report.seed + 1;
  }
}

/** The scenario file of a seed that was made small: it fails with the fault alone, as the seed did. */
async function replayed(report: Report, small: Shrunk, fault: Planted): Promise<Scenario> {
  const { seed, violations } = report;
  const words = replayWords(seed, small, folder).join("\n");
  const file = join(folder, `seed-${seed}.yaml`);
  expect(words).toContain(`npm run simulate -- --seed ${seed} --seeds 1`);
  expect(words).toContain(`npm run syncline -- scenario run ${file}`);
  const scenario = readScenario(readFileSync(file, "utf8"), file);
  const { failures } = await runScenario(scenario, { planted: fault });
  const messages = failures.map(({ message }) => message).join("\n");
  expect(messages).toContain(`${violations[0]?.invariant}: `);
  expect((await runScenario(scenario)).failures).toEqual([]);
  return scenario;
}

describe("a seed that fails because of", () => {
  test.each([
    ["a batch lost on a cut", planted.batchLostOnCut, 2],
    ["a rule that is misstated everywhere", planted.ruleMisstated, 6],
    ["a merge by order of arrival", planted.mergedByArrival, 4],
  ])(
    "%s becomes a small scenario",
    async (_name, fault, stepsMax) => {
      const report = await firstFailure({ seed: 0, planted: fault });
      const { seed } = report;
      const small = await shrink({ seed, planted: fault }, report, EFFORT);
      expect(small.kept.events.size).toBeLessThan(report.events);
      const scenario = await replayed(report, small, fault);
      expect(scenario.timeline.length).toBeLessThanOrEqual(stepsMax);
    },
    TIMEOUT_MS,
  );
});

/** A bug that only shows with one kind of trouble, the words for that, and where to look for it. */
const told: [trouble: string, words: RegExp, fault: Planted, from: number][] = [
  ["cut", /"cut":/, troubles.linkLostWithCode("DISCONNECTED"), 1],
  ["halfOpen", /"halfOpen":/, troubles.linkLostWithCode("TIMEOUT"), 0],
  ["slowNetwork", /"(delay|slow)":/, troubles.linkLostWhenSlow, 5],
  ["pause", /"pause":/, troubles.linkLostWithCode("TIMEOUT"), 5],
  ["crash", /"crash":/, troubles.linkLostWithCode("CONNECT_FAILED"), 3],
  ["crashAtCommit", /"crash":/, troubles.linkLostWithCode("DISCONNECTED"), 5],
  ["diskFull", /"diskFull":/, troubles.linkLostWithCode("DISK_FULL"), 1],
  ["ioError", /"ioError":/, troubles.linkLostWithCode("STORE_IO"), 1],
  ["restore", /"backup":.*"restoreBackup":/, troubles.linksLostSince("restore"), 6],
  ["wipe", /"wipe":/, troubles.linksLostAmongNamesakes, 0],
  ["powerCut", /"unsynced":/, troubles.linksLostSince("copy"), 2],
  ["clockJump", /"setClock":/, troubles.editsFarOff, 1],
  ["duplicateSession", /"duplicate":/, troubles.linkLostWhenDoubled, 0],
  ["a newer version", /"schema":2/, troubles.newerDropped, 25],
  ["a policy", /"policy":/, troubles.policiesIgnored, 0],
  ["clone", /"clone":/, troubles.linksLostSince("new-identity"), 53],
  ["removals that somebody agrees to", /"maxRemovals":/, troubles.linkLostWhenAgreed, 20],
  ["links that carry parts", /"scope":/, scopeIgnored, 1],
];

describe("a scenario tells of", () => {
  test.each(told)(
    "%s",
    async (trouble, words, fault, from) => {
      const kept = { events: ALL_EVENTS, faults: new Set([trouble]) as Kept["faults"] };
      const { report, small } = await firstTold({ seed: from, planted: fault, kept }, words);
      const scenario = await replayed(report, small, fault);
      expect(JSON.stringify(scenario)).toMatch(words);
    },
    TIMEOUT_MS,
  );

  test("no frame with a bit flipped: there is no word for it, and the seed stays", async () => {
    const fault = troubles.linkLostWithCode("FRAME_DAMAGED");
    const kept = { events: ALL_EVENTS, faults: new Set(["damage"]) as Kept["faults"] };
    const report = await firstFailure({ seed: 0, planted: fault, kept });
    const small = await shrink({ seed: report.seed, planted: fault }, report, EFFORT);
    expect(small.scenario).toBeUndefined();
    expect([...small.kept.faults]).toEqual(["damage"]);
    expect(replayWords(report.seed, small, folder)).toContain(
      "no scenario fails alike: it has no words for this",
    );
  });
});
