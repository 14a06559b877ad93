// Proves the rules of merging that random histories seldom or never meet: versions of the rules,
// levels of history that are missing, and later decisions over a known conflict log.
import { expect, test } from "vitest";
import type { RevisionId } from "../../src/base/ids.ts";
import { algorithmAt } from "../../src/merge/algorithm.ts";
import { ALGORITHMS } from "../../src/merge/algorithms.ts";
import {
  type ConflictRecord,
  type LoggedRevision,
  laterLog,
} from "../../src/merge/conflict-log.ts";
import { textMergeAt } from "../../src/merge/evaluate.ts";
import type { Graph } from "../../src/merge/graph.ts";
import { newestFirst } from "../../src/merge/newest-first.ts";
import { mergeTexts } from "../../src/merge/text.ts";

const [a, b, c] = ["a", "b", "c"] as RevisionId[] as [RevisionId, RevisionId, RevisionId];

/** A history of which only some is said. */
function graphOf(parts: Partial<Graph>): Graph {
  return parts as Graph;
}

test("a revision that states no version was made by the first one", () => {
  const versions: Record<string, { algorithm?: number }> = { a: {}, b: { algorithm: 3 } };
  const graph = graphOf({ revision: (id) => versions[id] as never });
  expect(algorithmAt(graph, [a])).toBe(1);
  expect(algorithmAt(graph, [a, b])).toBe(3);
});

test("texts of a version that is not known are merged by the first one", () => {
  const revision = (): never => ({ algorithm: 9 }) as never;
  expect(textMergeAt(graphOf({ revision, algorithms: ALGORITHMS }), [a, b])).toBe(mergeTexts);
  expect(textMergeAt(graphOf({ revision, algorithms: new Map() }), [a])).toBe(mergeTexts);
});

test("a level that no revision has is passed over on the way back", () => {
  const parents: Record<string, RevisionId[]> = { a: [c], b: [c], c: [] };
  const graph = graphOf({
    revision: (id) => ({ parents: parents[id] }) as never,
    generation: (id) => ({ a: 5, b: 5, c: 2 })[id as string] as number,
  });
  expect([...newestFirst(graph, [a, b])].map(({ id }) => id)).toEqual([a, b, c]);
});

test("a later edit of the path, or one that says so, resolves what is open, and only that", () => {
  const record = (id: string, path: string, status: ConflictRecord["status"]): ConflictRecord => {
    const known = status === "resolved" ? ("earlier" as RevisionId) : null;
    const candidates = [{ revision: c }];
    return { id, path, status, candidates, resolvedBy: known } as unknown as ConflictRecord;
  };
  const records = [
    record("1", "/title", "open"),
    record("2", "/notes", "open"),
    record("3", "/title", "resolved"),
    record("4", "/url", "superseded"),
    record("5", "/name", "open"),
  ];
  const edit = (id: RevisionId, path: string, resolves: string[] = []): LoggedRevision => {
    const patch = [{ op: "replace", path, value: "x" }];
    const hlc = id === a ? 1 : 2;
    return { id, parents: [c], patch, resolves, hlc } as unknown as LoggedRevision;
  };
  const after = laterLog(records, [edit(a, "/title"), edit(b, "/url", ["5"])]);
  expect(after.map(({ status, resolvedBy }) => [status, resolvedBy])).toEqual([
    ["resolved", a],
    ["open", null],
    ["resolved", "earlier"],
    ["resolved", b],
    ["resolved", b],
  ]);
  expect(after[1]).toBe(records[1]);
  expect(after[2]).toBe(records[2]);
});

test("who decided first resolved it, whether by an edit of the path or by saying so", () => {
  const open = {
    id: "1",
    path: "/title",
    status: "open",
    candidates: [{ revision: c }],
    resolvedBy: null,
  } as unknown as ConflictRecord;
  const says = { id: a, parents: [c], patch: [], resolves: ["1"], hlc: 1 };
  const writes = { id: b, parents: [a], patch: [{ op: "remove", path: "/title" }], hlc: 2 };
  const edits = [says, writes] as unknown as LoggedRevision[];
  expect(laterLog([open], edits)).toEqual([{ ...open, status: "resolved", resolvedBy: a }]);
});
