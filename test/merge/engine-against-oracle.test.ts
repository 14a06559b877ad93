// Proves that the engine, which evaluates from the choke point, and the oracle, which evaluates the
// full history from nothing, agree on leaves, conflicts, candidates and chosen values.
// HISTORIES=100000 runs more of them and SEED=… others; a failure prints its smallest history.
import { describe, expect, test } from "vitest";
import { AUTOMERGE } from "../oracle/automerge-texts.ts";
import { History } from "../oracle/history.ts";
import { NAMED_CASES } from "../oracle/named-cases.ts";
import { Oracle } from "../oracle/oracle.ts";
import type { Tale } from "../oracle/tale.ts";
import type { OraclePolicy } from "../oracle/types.ts";
import { WORDS } from "../oracle/words.ts";
import { disagreement } from "./against-oracle.ts";
import {
  play,
  type RandomHistory,
  randomHistory,
  type Script,
  scriptOf,
  shrink,
} from "./histories.ts";
import { POLICIES } from "./policies.ts";

const COUNT = Number(process.env.HISTORIES ?? 1000);
const SEED = Number(process.env.SEED ?? 1);
const MS_MAX = 20_000 + COUNT * 10;
/** The policies with registers for texts, so that the many histories need no text merge. */
const PLAIN: readonly OraclePolicy[] = POLICIES.map((policy) => {
  const types = Object.entries(policy.types).map(([type, strategies]) => {
    const kept = Object.entries(strategies).filter(([, strategy]) => strategy !== "text");
    return [type, Object.fromEntries(kept)];
  });
  return { ...policy, types: Object.fromEntries(types) };
});

function report(script: Script, fails: (random: RandomHistory) => string | undefined): string {
  const smallest = play(shrink(script, (one) => fails(play(one)) !== undefined));
  const lines = [...smallest.revisions.values()].map((one) => JSON.stringify(one));
  return [`SEED=${script.seed} HISTORIES=1`, fails(smallest), ...lines].join("\n");
}

function run(count: number, fails: (random: RandomHistory) => string | undefined): void {
  for (let seed = SEED; seed < SEED + count; seed++) {
    if (fails(randomHistory(seed)) === undefined) continue;
    expect.fail(report(scriptOf(seed), fails));
  }
}

describe("the engine against the oracle", () => {
  test(
    "on random histories",
    () => run(COUNT, (random) => disagreement(random, PLAIN, WORDS)),
    MS_MAX,
  );

  test(
    "on random histories with texts merged by Automerge",
    () => run(COUNT / 20, (random) => disagreement(random, POLICIES, AUTOMERGE)),
    MS_MAX,
  );

  test.each(NAMED_CASES.map((tale) => [tale.title, tale] as const))("case %s", (_title, tale) => {
    for (const { over } of tale.expectations) {
      expect(disagreement(randomOf(tale, over), PLAIN, WORDS)).toBeUndefined();
    }
  });
});

/** A told history in the form of a random one, seen from one of its frontiers. */
function randomOf(tale: Tale, over: string): RandomHistory {
  const history = new History(tale.revisions);
  const oracle = new Oracle(history, POLICIES[0] as OraclePolicy);
  return {
    script: { seed: 0, actors: 0, themes: [], steps: [] },
    revisions: tale.revisions,
    frontier: tale.frontier(over),
    authored: new Map(history.ids().map((id) => [id, oracle.content(id)])),
    policies: [],
    history,
    texts: WORDS,
  };
}
