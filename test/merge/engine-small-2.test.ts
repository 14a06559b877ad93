// Proves that the engine and the oracle agree on many small histories: states, conflicts, contents,
// pins, writers and logs. Part 2 of 2, so that two processes share the work.
import { test } from "vitest";
import { checkHistories, timeFor } from "./check-histories.ts";
import { disagreement } from "./engine-against-oracle.ts";
import { WITHOUT_TEXTS } from "./policies.ts";

const SEEDS = { from: 1_000_000_001, count: 50_000 };

test(
  "the engine agrees with the oracle on small histories",
  () => {
    const options = { savesMax: 6, policies: WITHOUT_TEXTS };
    checkHistories(
      SEEDS,
      () => options,
      (random) => disagreement(random, [random.script.seed % WITHOUT_TEXTS.length]),
    );
  },
  timeFor(SEEDS),
);
