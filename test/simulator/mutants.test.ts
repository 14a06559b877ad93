// Proves that the seeds of a test run find bugs that stand in the source, and that all instances have
// alike: a share of those that `npm run test:mutants` plants, with each invariant that no other fault
// of the tests breaks; and that each of these bugs still has its place in the source.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MUTANTS } from "./mutants/mutants.ts";
import { seedsUntilFound } from "./mutants/seeds-until-found.ts";

const SEEDS_MAX = 100;
const TIMEOUT_MS = 120_000;

describe("a planted bug is found:", () => {
  test.each([
    ["the base of a merge is taken too high", "as-the-oracle"],
    ["the oldest edit wins", "as-the-oracle"],
    ["no touches", "no-lost-edit"],
    ["deletions win over edits, whatever the policy says", "as-the-oracle"],
    ["conflicts of values are not recorded", "no-lost-edit"],
    ["a conflict says that another value was chosen, by another rule", "as-the-oracle"],
    ["what nobody disputes is recorded as a conflict", "as-the-oracle"],
    ["a clock that follows the wall", "stamps-rise"],
    ["what was put back goes on under the numbers it gave out", "numbers-once"],
    ["a run says that it came to the end of its source's log", "run-truthful"],
    ["a connection that cannot be made is an exception", "runs-never-throw"],
    ["whoever writes the sidecar wakes himself", "ends"],
    ["ids are drawn from the machine, not from the port", "deterministic"],
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
