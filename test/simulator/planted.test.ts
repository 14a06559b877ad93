// Proves that the simulator can fail: each fault planted into a store is found, by the invariant
// that it breaks, within the seeds that every test run simulates.
import { describe, expect, test } from "vitest";
import type { Planted } from "../../src/scenario/world/simulated-instance.ts";
import * as planted from "./planted/planted.ts";
import * as mappings from "./planted/planted-mappings.ts";
import * as parts from "./planted/planted-parts.ts";
import { simulate } from "./simulate.ts";
import { sweepCommits, sweepFrames } from "./sweeps/sweeps.ts";

const SEEDS_MAX = 500;
const TIMEOUT_MS = 120_000;

const indexNotAwaited: Planted = {
  index: (whole) => ({ ...whole, covers: () => Promise.resolve() }),
};

const cases: [name: string, fault: Planted, ...invariants: string[]][] = [
  ["the cursor advanced before the commit", planted.cursorBeforeData, "cursor-truthful"],
  ["an ACK before the commit", planted.ackBeforeCommit, "durable-before-ack"],
  ["a batch lost on a cut", planted.batchLostOnCut, "cursor-truthful"],
  ["a duplicate stored again", planted.appliedTwice, "logged-once"],
  ["CAUGHT_UP before the end", planted.caughtUpTooEarly, "ok-is-complete", "settles"],
  ["an edit acknowledged and forgotten", planted.editForgotten, "acknowledged-kept"],
  ["a merge by order of arrival", planted.mergedByArrival, "equal-states"],
  ["a name by order of arrival", planted.namedByArrival, "equal-states", "replays", "unique-names"],
  ["a purge that is not passed on", planted.purgesNotRelayed, "cursor-truthful"],
  ["a purged object that comes back", planted.purgedComesBack, "gone-for-good", "equal-states"],
  [
    "an object that enters a scope alone",
    parts.enteredWithoutHistory,
    ...["nothing-refused", "settles", "everything-arrived"],
  ],
  ["an object that leaves a scope without a word", parts.leavesUnsaid, "left-is-kept"],
  ["what is outside a scope on the wire", parts.scopeIgnored, "nothing-outside"],
  ["a scope evaluated once", parts.evaluatedOnce, "everything-arrived", "nothing-outside", "quiet"],
  ["a cursor not found again", planted.cursorForgotten, "settles"],
  ["a sync that does not wait for the search index", indexNotAwaited, "searchable"],
  ["a link that does not map", mappings.mappingLeftOut, "mapped"],
];

/** What few seeds show, and with which of them it does not take long. */
const rare: [name: string, fault: Planted, from: number, invariant: string][] = [
  ["what left a scope and is not dropped", parts.leftStays, 1123, "left-is-dropped"],
  ["removals that nobody holds", parts.removalsUnguarded, 874, "removals-held"],
  ["a door that is left open", mappings.doorLeftOpen, 407, "mapped"],
];
const RARE_SEEDS_MAX = 60;

describe("the random seeds find", () => {
  test.each(rare)(
    "%s",
    async (_name, fault, from, invariant) => {
      for (let seed = from; seed < from + RARE_SEEDS_MAX; seed++) {
        const [first] = (await simulate({ seed, planted: fault })).violations;
        if (first === undefined) continue;
        expect(first.invariant).toBe(invariant);
        return;
      }
      expect.fail(`not found in ${RARE_SEEDS_MAX} seeds`);
    },
    TIMEOUT_MS,
  );

  test.each(cases)(
    "%s",
    async (_name, fault, ...invariants) => {
      for (let seed = 0; seed < SEEDS_MAX; seed++) {
        const { violations } = await simulate({ seed, planted: fault });
        if (violations[0] === undefined) continue;
        expect(invariants).toContain(violations[0].invariant);
        return;
      }
      expect.fail(`not found in ${SEEDS_MAX} seeds`);
    },
    TIMEOUT_MS,
  );
});

describe("the sweeps find", () => {
  test("a batch lost on a cut", async () => {
    const { failures } = await sweepFrames("pull", "cut", planted.batchLostOnCut);
    expect(failures.map(({ invariant }) => invariant)).toContain("cursor-truthful");
  });

  test("the cursor advanced before the commit", async () => {
    const { failures } = await sweepCommits("push", "crash", planted.cursorBeforeData);
    expect(failures.map(({ invariant }) => invariant)).toContain("cursor-truthful");
  });
});
