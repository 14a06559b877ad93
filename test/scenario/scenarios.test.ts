// Proves what the files in scenarios/ say: each of them, with all the runs of its family.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runFamily } from "../../src/scenario/run/run-family.ts";

const FOLDER = join(import.meta.dirname, "../../scenarios");
const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .sort();

test("each file opens with a sentence for a person", () => {
  expect(files.length).toBeGreaterThanOrEqual(109);
  for (const file of files) {
    const [first = ""] = readFileSync(join(FOLDER, file), "utf8").split("\n");
    expect(first, file).toMatch(/^# [A-Z].{20,}/);
  }
});

describe("holds:", () => {
  test.each(files)(
    "%s",
    async (file) => {
      const scenario = readScenario(readFileSync(join(FOLDER, file), "utf8"), file);
      const { failed } = await runFamily(scenario);
      expect(failed.map(({ label, failures }) => ({ label, failures }))).toEqual([]);
    },
    60_000,
  );
});
