// Proves that the engine and the oracle agree on longer histories, under every policy, and on texts
// as Automerge merges them: authored with such merges, and restating merges of another library.
import { describe, test } from "vitest";
import { AUTOMERGE } from "../../src/oracle/automerge-texts.ts";
import { History } from "../../src/oracle/history.ts";
import { Oracle } from "../../src/oracle/oracle.ts";
import { checkHistories, timeFor } from "./check-histories.ts";
import { disagreement } from "./engine-against-oracle.ts";
import { POLICIES, WITHOUT_TEXTS } from "./policies.ts";

const ALL = [...POLICIES.keys()];

describe("the engine agrees with the oracle", () => {
  const deep = { from: 1, count: 1000 };
  test(
    "on longer histories, under every policy",
    () => {
      const options = { savesMax: 14, policies: WITHOUT_TEXTS };
      checkHistories(
        deep,
        () => options,
        (random) => disagreement(random, ALL),
      );
    },
    timeFor(deep),
  );

  const texts = { from: 1, count: 100 };
  test(
    "on texts",
    () => {
      checkHistories(
        texts,
        (seed) => ({ themes: ["notes", seed % 2 === 0 ? "notes" : "object"], texts: AUTOMERGE }),
        (random) => disagreement(random, ALL),
      );
    },
    timeFor(texts),
  );

  test(
    "on texts that were merged in another way before",
    () => {
      checkHistories(
        texts,
        () => ({ themes: ["notes", "title"] }),
        (random) => {
          const history = new History(random.revisions);
          const oracles = POLICIES.map((policy) => new Oracle(history, policy, AUTOMERGE));
          return disagreement({ ...random, history, oracles, askedBy: new Map() }, ALL);
        },
      );
    },
    timeFor(texts),
  );
});
