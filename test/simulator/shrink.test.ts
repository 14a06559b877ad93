// Proves that a failing seed is made small: to a scenario of few steps which breaks the same invariant
// as long as the fault is there, and holds once it is gone.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";
import type { Planted } from "../../src/scenario/world/simulated-instance.ts";
import * as planted from "./planted/planted.ts";
import { replayWords, shrink } from "./shrink/shrink.ts";
import { type Report, simulate } from "./simulate.ts";

const SEEDS_MAX = 100;
const TIMEOUT_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), "syncline-shrink-"));

afterAll(() => rmSync(folder, { recursive: true }));

async function firstFailure(fault: Planted): Promise<Report> {
  for (let seed = 0; seed < SEEDS_MAX; seed++) {
    const report = await simulate({ seed, planted: fault });
    if (report.violations.length > 0) return report;
  }
  throw new Error(`not found in ${SEEDS_MAX} seeds`);
}

const cases: [name: string, fault: Planted, stepsMax: number][] = [
  ["a batch lost on a cut", planted.batchLostOnCut, 2],
  ["a rule that is misstated everywhere", planted.ruleMisstated, 4],
  ["a merge by order of arrival", planted.mergedByArrival, 4],
  ["a purge that is not passed on", planted.purgesNotRelayed, 5],
  ["a purged object that comes back", planted.purgedComesBack, 8],
];

describe("a seed that fails because of", () => {
  test.each(cases)(
    "%s becomes a small scenario",
    async (_name, fault, stepsMax) => {
      const report = await firstFailure(fault);
      const { seed, violations } = report;
      const small = await shrink({ seed, planted: fault }, report);
      expect(small.kept.events.size).toBeLessThan(report.events);
      const words = replayWords(seed, small, folder).join("\n");
      const file = join(folder, `seed-${seed}.yaml`);
      expect(words).toContain(`npm run simulate -- --seed ${seed} --seeds 1`);
      expect(words).toContain(`npm run syncline -- scenario run ${file}`);

      const scenario = readScenario(readFileSync(file, "utf8"), file);
      expect(scenario.timeline.length).toBeLessThanOrEqual(stepsMax);
      const { failures } = await runScenario(scenario, { planted: fault });
      const messages = failures.map(({ message }) => message).join("\n");
      expect(messages).toContain(`${violations[0]?.invariant}: `);
      expect((await runScenario(scenario)).failures).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
