// Proves that what is generated about scenarios is up to date, and that the examples of the
// documentation hold.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scenarioPages } from "../../scripts/scenario-pages.ts";
import { USE_CASES } from "../../scripts/use-cases.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runFamily } from "../../src/scenario/run/run-family.ts";

const ROOT = join(import.meta.dirname, "../..");

test("the index and the reference are up to date: npm run docs:scenarios writes them", () => {
  for (const [path, text] of Object.entries(scenarioPages())) {
    expect(readFileSync(join(ROOT, path), "utf8"), path).toBe(text);
  }
});

test("each use case that Syncline was founded for is played", () => {
  for (const { told, files } of USE_CASES) expect(files, told).not.toEqual([]);
});

test("the examples of the documentation hold", async () => {
  const page = readFileSync(join(ROOT, "docs/scenarios.md"), "utf8");
  const examples = [...page.matchAll(/```yaml\n([^`]*)```/g)].map(([, text = ""]) => text);
  expect(examples).toHaveLength(5);
  for (const text of examples) {
    const { failed } = await runFamily(readScenario(text, "docs/scenarios.md"));
    expect(failed.flatMap(({ failures }) => failures)).toEqual([]);
  }
});
