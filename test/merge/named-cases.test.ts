// Proves that the engine gets the cases right that broke earlier drafts of the merge rules, and
// agrees with the oracle on all there is to ask about them.
import { describe, expect, test } from "vitest";
import type { RevisionId } from "../../src/base/ids.ts";
import { stateAt } from "../../src/merge/evaluate.ts";
import { AUTOMERGE } from "../../src/oracle/automerge-texts.ts";
import { History } from "../../src/oracle/history.ts";
import { Oracle } from "../../src/oracle/oracle.ts";
import { NAMED_CASES } from "../oracle/named-cases.ts";
import { enginePolicy, graphOf } from "./against-oracle.ts";
import { disagreement } from "./engine-against-oracle.ts";
import { POLICIES } from "./policies.ts";

describe.each(NAMED_CASES.map((tale) => [tale.title, tale] as const))("case %s", (_title, tale) => {
  const history = new History(tale.revisions);

  test.each(tale.expectations.map((one) => [one.over, one.policy.deletes, one] as const))(
    "over %s, %s",
    (over, _deletes, { policy, leaves, conflicts }) => {
      const frontier = tale.frontier(over) as RevisionId[];
      const state = stateAt(graphOf(history), frontier, enginePolicy(policy));
      const shown = Object.keys(leaves).map((path) => [path, state.leaves.get(path)]);
      expect(Object.fromEntries(shown)).toEqual(leaves);
      const open = state.conflicts.map(({ kind, path, candidates }) => {
        return [kind, path, tale.names(candidates.map(({ revision }) => revision))];
      });
      expect(open.sort()).toEqual([...conflicts].sort());
    },
  );

  test("agrees with the oracle", () => {
    const oracles = POLICIES.map((policy) => new Oracle(history, policy, AUTOMERGE));
    const frontier = history.heads(history.ids());
    for (const [at, oracle] of oracles.entries()) {
      const askedBy = new Map(history.ids().map((id) => [id, oracle]));
      expect(disagreement({ history, oracles, askedBy, frontier }, [at])).toBe(undefined);
    }
  });
});
