// Proves that the published JSON Schema is the one that `scenario schema` prints, that it takes every
// file of the project, and that it refuses what is none. It is read back by what knows JSON Schema alone.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { run } from "../cli/run.ts";

const ROOT = join(import.meta.dirname, "../..");
const published = readFileSync(join(ROOT, "docs/scenario.schema.json"), "utf8");
const schema = z.fromJSONSchema(JSON.parse(published));
const files = readdirSync(join(ROOT, "scenarios"), { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".yaml"),
);
const textOf = (file: string): string => readFileSync(join(ROOT, "scenarios", file), "utf8");

test("it is what `scenario schema` prints: npm run docs:scenarios writes it", async () => {
  expect(await run(["scenario", "schema"])).toEqual({ code: 0, stdout: published, stderr: "" });
});

test("every file of the project fits it", () => {
  const misfits = files.filter((file) => !schema.safeParse(parse(textOf(file))).success);
  expect(misfits).toEqual([]);
  expect(files.length).toBeGreaterThan(100);
});

describe("it refuses", () => {
  const founding = textOf("two-way/two-sites-edit-between-syncs.yaml");

  test.each([
    ["an unknown key", "seed: 7", "seeds: 7"],
    ["an unknown key deep inside", "by: ann", "buy: ann"],
    ["a key that is missing", "name: Two", "# name: Two"],
    ["a value of another kind", "seed: 7", "seed: seven"],
    ["a value that does not exist", "every-frame", "every-byte"],
    ["a duration without a unit", "+7m", "+7"],
    ["a later format", "scenario: 1", "scenario: 2"],
  ])("%s", (_, from, to) => {
    const changed = founding.replace(from, to);
    expect(changed).not.toBe(founding);
    expect(schema.safeParse(parse(changed)).success).toBe(false);
  });
});
