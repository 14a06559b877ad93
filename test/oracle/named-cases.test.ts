// Proves that the oracle gets the cases right that broke earlier drafts of the merge rules, and
// that its authors carry the pins that those cases need.
import { describe, expect, test } from "vitest";
import { AUTOMERGE } from "../../src/oracle/automerge-texts.ts";
import { History } from "../../src/oracle/history.ts";
import { Oracle } from "../../src/oracle/oracle.ts";
import type { OraclePolicy, OracleRevision } from "../../src/oracle/types.ts";
import { DELETE_WINS, EDIT_WINS, POLICIES } from "../merge/policies.ts";
import { NAMED_CASES } from "./named-cases.ts";
import type { Tale } from "./tale.ts";

const named = (start: string): Tale => {
  const found = NAMED_CASES.find(({ title }) => title.startsWith(start));
  if (found === undefined) throw new Error(`no case starts with ${start}`);
  return found;
};

function oracleOf(
  tale: Tale,
  policy: OraclePolicy,
  change: (revision: OracleRevision) => OracleRevision = (revision) => revision,
): Oracle {
  const revisions = [...tale.revisions.values()].map(change);
  const history = new History(new Map(revisions.map((one) => [one.id, one])));
  return new Oracle(history, policy, AUTOMERGE);
}

describe.each(NAMED_CASES.map((tale) => [tale.title, tale] as const))("case %s", (_title, tale) => {
  test.each(tale.expectations.map((one) => [one.over, one.policy.deletes, one] as const))(
    "over %s, %s",
    (_over, _deletes, { over, policy, leaves, conflicts }) => {
      const oracle = oracleOf(tale, policy);
      const frontier = tale.frontier(over);
      const state = oracle.state(frontier);
      const shown = Object.keys(leaves).map((path) => [path, state.leaves.get(path)]);
      expect(Object.fromEntries(shown)).toEqual(leaves);
      const open = state.conflicts.map(({ kind, path, candidates }) => {
        return [kind, path, tale.names(candidates.map(({ revision }) => revision))];
      });
      expect(open.sort()).toEqual([...conflicts].sort());
      const choked = oracle.evaluationFromChokePoint(frontier);
      expect(new Map([...choked.leaves].sort())).toEqual(new Map([...state.leaves].sort()));
    },
  );

  test("has one content for each revision, whatever the policy", () => {
    const contents = POLICIES.map((policy) => {
      const oracle = oracleOf(tale, policy);
      return [...tale.revisions.keys()].map((id) => [...oracle.content(id)].sort());
    });
    for (const content of contents) expect(content).toEqual(contents[0]);
  });
});

describe("what the authors of the cases carry", () => {
  test("3 a save over both pins the flag as seen, of the edit", () => {
    expect(named("3 an edit").pins("c")).toEqual([{ path: "/resources/r1/@deleted", of: "a" }]);
    expect(named("3 the same").pins("c")).toEqual([
      { path: "/resources/r1/url", value: "a", of: "a" },
    ]);
  });

  test("4 a decision is a write, also of the value shown, and no pin", () => {
    const tale = named("4 a decision for");
    expect(tale.revision("c").patch).toEqual([{ op: "replace", path: "/title", value: "c" }]);
    expect(tale.revision("c").resolves).toHaveLength(1);
    expect(tale.pins("c")).toEqual([]);
  });

  test("5 a bystander names the winner alone", () => {
    expect(named("5").pins("c")).toEqual([{ path: "/title", value: "b2", of: "b" }]);
  });

  test("6 a replaced map is written leaf by leaf, with what it takes away", () => {
    expect(named("6 a replaced map forgets").revision("a").patch).toEqual([
      { op: "replace", path: "/x/q", value: 5 },
      { op: "remove", path: "/x/s" },
    ]);
    expect(named("6 a replaced map takes").revision("b").patch).toEqual([
      { op: "remove", path: "/resources/r1/@deleted" },
      { op: "remove", path: "/resources/r1/name" },
      { op: "replace", path: "/resources/r1/url", value: "b" },
    ]);
  });

  test("7 and 9 pins of merged texts name all edits behind them", () => {
    expect(named("7").pins("c")).toEqual([
      { path: "/notes", value: "a b c d f", of: "ab", merged: true },
    ]);
    expect(named("7").pins("e")).toEqual([
      { path: "/notes", value: "a b c d e f", of: "abd", merged: true },
    ]);
    expect(named("9").pins("e")).toEqual([
      { path: "/notes", value: "b c d e f", of: "bd", merged: true },
    ]);
  });

  test("8 a clash is pinned also where it does not show", () => {
    expect(named("8").pins("c")).toEqual([
      { path: "/x", value: 1, of: "b", merged: true },
      { path: "/x/q", of: "b" },
    ]);
  });

  test("10, 11 and 12 an edit inside what stays deleted pins the flag", () => {
    expect(named("10").pins("c")).toEqual([{ path: "/@deleted", value: true, of: "b" }]);
    expect(named("11").pins("c")).toEqual([
      { path: "/resources/r1/@deleted", value: true, of: "b" },
    ]);
    expect(named("12").pins("b")).toEqual([{ path: "/@deleted", value: true, of: "a" }]);
  });

  test("13 without its pins a revision's content depends on the policy", () => {
    const tale = named("13");
    const bare = ({ pins: _pins, ...rest }: OracleRevision): OracleRevision => rest;
    const titles = [EDIT_WINS, DELETE_WINS].map((policy) =>
      oracleOf(tale, policy, bare).content(tale.id("c")).get("/title"),
    );
    expect(titles).toEqual(["b", undefined]);
  });

  test("13 without touches there would be no path in common", () => {
    const tale = named("1 ");
    const paths = ["a", "b"].map((name) => tale.revision(name).patch.map(({ path }) => path));
    expect(paths).toEqual([["/title"], ["/@deleted"]]);
    expect([...new History(tale.revisions).touches(tale.id("a"))]).toEqual(["/@deleted"]);
  });
});
