// Proves P1 for the engine: in whatever order revisions, heads and candidates come to it, state,
// log and pins are the same; texts too.
import { test } from "vitest";
import type { RevisionId } from "../../src/base/ids.ts";
import { conflictLog } from "../../src/merge/conflict-log.ts";
import { stateAt } from "../../src/merge/evaluate.ts";
import { pinsOver } from "../../src/merge/pins.ts";
import { enginePolicy, graphOf, isTree } from "./against-oracle.ts";
import { checkHistories, timeFor } from "./check-histories.ts";
import type { RandomHistory } from "./histories.ts";
import { POLICIES } from "./policies.ts";
import { Random } from "./random.ts";

const SEEDS = { from: 1, count: 500 };

test(
  "the order in which revisions come changes nothing",
  () => {
    checkHistories(
      SEEDS,
      (seed) => ({ themes: seed % 3 === 0 ? ["notes", "field"] : ["field", "object"] }),
      (random) => {
        const draw = new Random(random.script.seed);
        const [here, there] = [
          all(random, (list) => list),
          all(random, (list) => shuffled(list, draw)),
        ];
        return here === there ? undefined : `${here}\n${there}`;
      },
    );
  },
  timeFor(SEEDS),
);

/** All that the engine says about a history, as text. */
function all({ history, frontier, authored }: RandomHistory, order: <T>(list: T[]) => T[]): string {
  if (![...authored.values()].every(isTree)) return "";
  const graph = graphOf(history);
  const heads = order([...frontier]) as RevisionId[];
  const revisions = order(history.ids()).map((id) => {
    const { parents, ...rest } = graph.revision(id as RevisionId);
    return { ...rest, parents: order([...parents]) };
  });
  const turned = { ...graph, revision: (id: string) => revisions.find((one) => one.id === id) };
  const seen = POLICIES.map(enginePolicy).map((policy) => {
    const { leaves, conflicts } = stateAt(turned as typeof graph, heads, policy);
    const log = conflictLog(turned as typeof graph, revisions, heads, policy);
    const patch = [{ op: "add", path: "/resources/r9/url", value: "u" }] as const;
    const pins = pinsOver(turned as typeof graph, heads, policy, patch);
    return { leaves: [...leaves].sort(), conflicts, log, pins };
  });
  return JSON.stringify(seen, (_key, value) => (value === undefined ? ["nothing"] : value));
}

function shuffled<T>(list: T[], draw: Random): T[] {
  return list
    .map((item) => ({ item, at: draw.bits() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
