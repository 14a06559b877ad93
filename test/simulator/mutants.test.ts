// Proves that the seeds of a test run find bugs of the merge that stand in its source: a share of those
// that `npm run test:mutants` plants; and that each of these still has its place in the source.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MUTANTS } from "./mutants/mutants.ts";
import { seedsUntilFound } from "./mutants/seeds-until-found.ts";

const SEEDS_MAX = 100;
const TIMEOUT_MS = 120_000;

describe("a planted bug is found:", () => {
  test.each([
    ["the base of a merge is taken too high", "no-lost-edit"],
    ["the oldest edit wins", "as-the-oracle"],
    ["no touches", "no-lost-edit"],
  ])(
    "%s",
    (name, invariant) => {
      expect(seedsUntilFound(name, SEEDS_MAX)?.invariant).toBe(invariant);
    },
    TIMEOUT_MS,
  );
});

test.each(MUTANTS)("has its place in the source: $name", ({ file, find }) => {
  const source = readFileSync(join(import.meta.dirname, "../..", file), "utf8");
  expect(source.split(find)).toHaveLength(2);
});
