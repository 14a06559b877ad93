// Proves on random histories that the merge rules, as the oracle reads them, keep their promises.
import { describe, test } from "vitest";
import { AUTOMERGE } from "../../src/oracle/automerge-texts.ts";
import { checkHistories, timeFor } from "../merge/check-histories.ts";
import type { HistoryOptions } from "../merge/histories.ts";
import { POLICIES } from "../merge/policies.ts";
import { Random } from "../merge/random.ts";
import { PROPERTIES, type Property, replayMayBeginAnywhere } from "./properties.ts";

/** Every other history has one policy for all its authors. */
function optionsFor(seed: number): HistoryOptions {
  return seed % 2 === 0 ? {} : { policy: seed % POLICIES.length };
}

function check(property: Property, count: number, more: HistoryOptions): void {
  checkHistories(
    { from: 1, count },
    (seed) => ({ ...optionsFor(seed), ...more }),
    (random) => {
      if (random.revisions.size === 0) return undefined;
      return property({ random, oracles: random.oracles, draw: new Random(random.script.seed) });
    },
  );
}

const COUNT = 500;
const COUNT_OF_TEXTS = 15;
const COUNT_OF_REPLAYS = 60;

describe("on random histories", () => {
  test.each(Object.entries(PROPERTIES))(
    "%s",
    (_name, property) => check(property, COUNT, {}),
    timeFor({ from: 1, count: COUNT }),
  );
});

test(
  "P6 a replay of texts may begin anywhere",
  () => check(replayMayBeginAnywhere, COUNT_OF_REPLAYS, { themes: ["words"], texts: AUTOMERGE }),
  timeFor({ from: 1, count: COUNT_OF_REPLAYS }),
);

describe("with texts merged by Automerge", () => {
  test.each(Object.entries(PROPERTIES))(
    "%s",
    (_name, property) => check(property, COUNT_OF_TEXTS, { themes: ["notes"], texts: AUTOMERGE }),
    timeFor({ from: 1, count: COUNT_OF_TEXTS }),
  );
});
