// Proves that pins are refused whose origins are no ancestors or do not write the path, and that
// what authors of random histories pin passes.
import { describe, expect, test } from "vitest";
import { isSynclineError } from "../../src/base/errors.ts";
import type { RevisionId } from "../../src/base/ids.ts";
import { checkOrigins } from "../../src/merge/check-origins.ts";
import type { MergeInput } from "../../src/merge/graph.ts";
import type { Pin } from "../../src/model/record.ts";
import { History } from "../../src/oracle/history.ts";
import { Tale } from "../oracle/tale.ts";
import { graphOf } from "./against-oracle.ts";
import { checkHistories } from "./check-histories.ts";

const tale = new Tale("pins")
  .save("o", { set: { "": { title: "a", version: 1 } } })
  .save("a", { over: "o", set: { "/title": "b" } })
  .save("b", { over: "o", set: { "/@deleted": true } })
  .save("d", { over: "o", set: { "/title": "d" } })
  .save("c", { over: "ab", set: { "/version": 2 } });
const graph = graphOf(new History(tale.revisions));

function refusal(path: string, of: string, index = 0): string | undefined {
  const revision = graph.revision(tale.id("c") as RevisionId);
  const pin: Pin = { path, of: [...of].map((name) => tale.id(name) as RevisionId) };
  const pins = [...Array(index).fill({ path: "/title", of: [tale.id("a")] }), pin];
  try {
    checkOrigins(graph, { ...revision, pins } as MergeInput);
  } catch (error) {
    if (!isSynclineError(error, "INVALID_PIN")) throw error;
    expect(error.where).toBe(`/pins/${index}/of`);
    return error.message;
  }
  return undefined;
}

describe("a pin", () => {
  test.each([
    ["/title", "a"],
    ["/title", "oa"],
    ["/@deleted", "b"],
    // A touch is a write of the flag.
    ["/@deleted", "a"],
    ["/version", "o"],
  ])("at %s may name %s", (path, of) => {
    expect(refusal(path, of)).toBe(undefined);
  });

  test.each([
    ["/title", "b", "does not write its path"],
    ["/version", "a", "does not write its path"],
    ["/title/x", "a", "does not write its path"],
    ["/resources/r/@deleted", "o", "does not write its path"],
    ["/title", "d", "is no ancestor"],
    ["/version", "c", "is no ancestor"],
    ["/title", "ad", "is no ancestor"],
  ])("at %s may not name %s, which %s", (path, of, why) => {
    expect(refusal(path, of)).toContain(why);
    expect(refusal(path, of, 1)).toMatch(/^pin 1 /);
  });

  test("that an author made is taken", () => {
    checkHistories(
      { from: 1, count: 300 },
      () => ({}),
      ({ history }) => {
        const graph = graphOf(history);
        for (const id of history.ids()) checkOrigins(graph, graph.revision(id as RevisionId));
        return undefined;
      },
    );
  });
});
