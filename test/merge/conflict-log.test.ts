// Proves what the conflict log says on told histories: what was chosen, by whom, and what became of
// it. That engine and oracle agree on it is shown on random ones.
import { describe, expect, test } from "vitest";
import type { RevisionId } from "../../src/base/ids.ts";
import { conflictLog, type LoggedRevision } from "../../src/merge/conflict-log.ts";
import { History } from "../../src/oracle/history.ts";
import type { OraclePolicy } from "../../src/oracle/types.ts";
import { Tale } from "../oracle/tale.ts";
import { enginePolicy, graphOf } from "./against-oracle.ts";
import { DELETE_WINS, EDIT_WINS } from "./policies.ts";

const start = () => new Tale("log").save("o", { set: { "": { title: "o", notes: "old tide" } } });

/** The log in short, with names for ids, by candidates. */
function logOf(tale: Tale, policy: OraclePolicy = EDIT_WINS): Record<string, unknown> {
  const history = new History(tale.revisions);
  const graph = graphOf(history);
  const frontier = history.heads(history.ids()) as RevisionId[];
  const revisions = history.ids().map((id) => graph.revision(id as RevisionId) as LoggedRevision);
  const log = conflictLog(graph, revisions.reverse(), frontier, enginePolicy(policy));
  const name = (id: string | null) => (id === null ? null : tale.name(id));
  return Object.fromEntries(
    log.map(({ path, candidates, chosen, rule, status, resolvedBy }) => {
      const key = `${path} ${tale.names(candidates.map(({ revision }) => revision))}`;
      return [key, [status, name(resolvedBy), name(chosen.revision), chosen.value, rule]];
    }),
  );
}

describe("the conflict log", () => {
  const ab = () =>
    start()
      .save("a", { over: "o", set: { "/title": "a" } })
      .save("b", { over: "o", set: { "/title": "b" } });

  test("has what is open at the frontier, with what the policy chose", () => {
    expect(logOf(ab())).toEqual({ "/title ab": ["open", null, "b", "b", "newest"] });
  });

  test("keeps open what somebody saved something else over", () => {
    expect(logOf(ab().save("c", { over: "ab", set: { "/version": 1 } }))).toEqual({
      "/title ab": ["open", null, "b", "b", "restated"],
    });
  });

  test("has as resolved what somebody decided who saw all candidates, by the first of them", () => {
    const tale = ab()
      .save("c", { over: "ab", set: { "/version": 1 } })
      .save("e", { over: "c", set: { "/title": "e" }, hlc: 90 })
      .save("d", { over: "c", set: { "/title": "d" }, hlc: 80 });
    expect(logOf(tale)).toEqual({
      "/title ab": ["resolved", "d", "b", "b", "restated"],
      "/title de": ["open", null, "e", "e", "newest"],
    });
  });

  test("says who decided while joining", () => {
    expect(logOf(ab().save("c", { over: "ab", resolve: ["/title"] }))).toEqual({
      "/title ab": ["resolved", "c", "c", "b", "authored"],
    });
  });

  test("does not take the decision of somebody who saw less for one", () => {
    const tale = ab()
      .save("d", { over: "o", set: { "/title": "d" } })
      .save("c", { over: "ab", set: { "/title": "c" } })
      .save("e", { over: "bd", set: { "/version": 1 } });
    expect(logOf(tale)).toMatchObject({
      "/title ab": ["resolved", "c", "c", "c", "authored"],
      "/title bd": ["superseded", null, "d", "d", "restated"],
      "/title cd": ["open", null, "c", "c", "newest"],
    });
  });

  test("takes a conflict as resolved that somebody lists, though he writes nothing there", () => {
    const tale = ab().save("c", { over: "ab", set: { "/version": 1 } });
    const [record] = Object.values(logOf(tale)) as [unknown[]];
    expect(record[0]).toBe("open");
    const history = new History(tale.revisions);
    const graph = graphOf(history);
    const frontier = [tale.id("c")] as RevisionId[];
    const revisions = history.ids().map((id) => graph.revision(id as RevisionId));
    const [open] = conflictLog(graph, revisions, frontier, enginePolicy(EDIT_WINS));
    const listing = revisions.map((one) =>
      ["b", "c"].includes(tale.name(one.id))
        ? { ...one, resolves: ["another", open?.id as string] }
        : one,
    );
    const [resolved] = conflictLog(graph, listing, frontier, enginePolicy(EDIT_WINS));
    expect(resolved).toEqual({ ...open, status: "resolved", resolvedBy: tale.id("c") });
  });

  test("has as superseded what later edits disagree about", () => {
    const tale = ab()
      .save("c", { over: "ab", set: { "/version": 1 } })
      .save("d", { over: "a", set: { "/title": "d" } });
    expect(logOf(tale)).toEqual({
      "/title ab": ["superseded", null, "b", "b", "restated"],
      "/title bd": ["open", null, "d", "d", "newest"],
    });
  });

  test("keeps what several met as the frontier has it, else as the newest of them left it", () => {
    const both = ab()
      .save("d", { over: "ab", set: { "/version": 1 }, policy: EDIT_WINS })
      .save("c", { over: "ab", set: { "/saved": 1 }, policy: DELETE_WINS });
    expect(logOf(both)).toEqual({ "/title ab": ["open", null, "b", "b", "restated"] });
    const third = { default: { priority: ["11111111-0000-4000-8000-000000000000"] } } as const;
    const policy = { ...EDIT_WINS, ...third };
    const opposed = start()
      .save("a", { over: "o", set: { "/title": "a" } })
      .save("b", { over: "o", set: { "/title": "b" }, by: 2 })
      .save("c", { over: "ab", set: { "/version": 1 }, policy })
      .save("d", { over: "ab", set: { "/saved": 1 } });
    expect(logOf(opposed)).toEqual({ "/title ab": ["open", null, "b", "b", "newest"] });
    expect(logOf(opposed, policy)).toEqual({ "/title ab": ["open", null, "a", "a", "priority"] });
    const joined = opposed.save("e", { over: "cd", set: { "/version": 2 }, policy });
    expect(logOf(joined)).toEqual({ "/title ab": ["open", null, "a", "a", "restated"] });
  });

  test("names nobody for a merge of texts, nor for what the author did not pin", () => {
    const texts = start()
      .save("a", { over: "o", set: { "/notes": "very old tide" } })
      .save("b", { over: "o", set: { "/notes": "old tide table" } })
      .save("c", { over: "ab", set: { "/version": 1 } });
    const merged = "very old tide table";
    expect(logOf(texts)).toEqual({ "/notes ab": ["open", null, null, merged, "restated"] });
    const tale = ab().save("c", { over: "ab", set: { "/version": 1 } });
    const { pins: _pins, ...bare } = tale.revision("c");
    tale.revisions.set(bare.id, bare);
    expect(logOf(tale)).toEqual({ "/title ab": ["open", null, null, "b", "restated"] });
  });

  test("has a clash of shapes as superseded by a later one", () => {
    const tale = start()
      .save("a", { over: "o", set: { "/x": 1 } })
      .save("b", { over: "o", set: { "/x/q": 3 } })
      .save("c", { over: "ab", set: { "/version": 1 } })
      .save("d", { over: "a", set: { "/x": 2 } });
    expect(logOf(tale)).toMatchObject({
      "/x ab": ["superseded", null, null, undefined, "restated"],
      "/x bd": ["open", null, null, undefined, "structure"],
    });
  });

  test("keeps a clash of shapes apart from a conflict of values at the same path", () => {
    const tale = start()
      .save("a", { over: "o", set: { "/x": 1 } })
      .save("b", { over: "o", set: { "/x": 2 } })
      .save("c", { over: "o", set: { "/x/q": 3 } });
    expect(logOf(tale)).toEqual({
      "/x ab": ["open", null, "b", 2, "newest"],
      "/x abc": ["open", null, null, undefined, "structure"],
    });
  });
});
