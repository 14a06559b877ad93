// Proves on random histories that the merge rules, as the oracle reads them, keep their promises.
// HISTORIES=20000 runs more of them and SEED=… others; a failure prints its smallest history.
import { describe, expect, test } from "vitest";
import {
  type HistoryOptions,
  play,
  randomHistory,
  type Script,
  scriptOf,
  shrink,
} from "../merge/histories.ts";
import { POLICIES } from "../merge/policies.ts";
import { Random } from "../merge/random.ts";
import { AUTOMERGE } from "./automerge-texts.ts";
import { caseOf, PROPERTIES, type Property } from "./properties.ts";

const COUNT = Number(process.env.HISTORIES ?? 300);
const SEED = Number(process.env.SEED ?? 1);
const MS_MAX = 20_000 + COUNT * 20;
/** Every other history has one policy for all its authors. */
function optionsFor(seed: number): HistoryOptions {
  return seed % 2 === 0 ? {} : { policy: seed % POLICIES.length };
}

function failure(property: Property, script: Script, options: HistoryOptions): string | undefined {
  const random = play(script, options);
  if (random.revisions.size === 0) return undefined;
  return property(caseOf(random, new Random(script.seed)));
}

function report(property: Property, script: Script, options: HistoryOptions): string {
  const smallest = shrink(script, (one) => failure(property, one, options) !== undefined);
  const lines = [...play(smallest, options).revisions.values()].map((one) => JSON.stringify(one));
  const found = failure(property, smallest, options);
  return [`SEED=${script.seed} HISTORIES=1`, found, ...lines].join("\n");
}

describe("on random histories", () => {
  test.each(Object.entries(PROPERTIES))(
    "%s",
    (_name, property) => {
      for (let seed = SEED; seed < SEED + COUNT; seed++) {
        const options = optionsFor(seed);
        const found = property(caseOf(randomHistory(seed, options), new Random(seed)));
        if (found !== undefined) expect.fail(report(property, scriptOf(seed, options), options));
      }
    },
    MS_MAX,
  );
});

describe("with texts merged by Automerge", () => {
  test.each(Object.entries(PROPERTIES))(
    "%s",
    (_name, property) => {
      for (let seed = SEED; seed < SEED + COUNT / 20; seed++) {
        const policy = optionsFor(seed);
        const options = { ...policy, themes: ["notes"], texts: AUTOMERGE };
        const found = property(caseOf(randomHistory(seed, options), new Random(seed)));
        if (found !== undefined) expect.fail(report(property, scriptOf(seed, options), options));
      }
    },
    MS_MAX,
  );
});
