// Proves small things that random histories do not reach, or would not miss.
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import { derivedId, type ObjectId, type RevisionId } from "../../src/base/ids.ts";
import type { Json } from "../../src/base/json.ts";
import { mergeId } from "../../src/merge/conflict.ts";
import { contentAfter } from "../../src/merge/content-after.ts";
import { contentOf } from "../../src/merge/content-of.ts";
import { stateAt } from "../../src/merge/evaluate.ts";
import { pinsOver } from "../../src/merge/pins.ts";
import { DEFAULT_POLICY, type Policy, type Strategy, strategyFor } from "../../src/merge/policy.ts";
import { isMergeableText, TEXT_BYTES_MAX } from "../../src/merge/text.ts";
import { writersOf } from "../../src/merge/writers.ts";
import { leavesOf } from "../../src/model/content.ts";
import { AUTOMERGE } from "../../src/oracle/automerge-texts.ts";
import { History } from "../../src/oracle/history.ts";
import { Oracle } from "../../src/oracle/oracle.ts";
import type { OraclePolicy } from "../../src/oracle/types.ts";
import { content } from "../model/content-arbitrary.ts";
import { Tale } from "../oracle/tale.ts";
import { TEXT_CASES } from "../oracle/text-cases.ts";
import { WORDS } from "../oracle/words.ts";
import { enginePolicy, graphOf, statesDiffer } from "./against-oracle.ts";
import { DELETE_WINS, EDIT_WINS, OBJECT } from "./policies.ts";

test("a merge revision is named by algorithm, policy, object and frontier", () => {
  const heads = ["a", "b"] as RevisionId[];
  const id = mergeId(1, "hash", OBJECT as ObjectId, heads);
  expect(id).toBe(derivedId(["syncline/merge", 1, "hash", OBJECT, ["a", "b"]]));
});

describe("content of leaves", () => {
  test("is what the leaves came from", () => {
    fc.assert(
      fc.property(content, (value) => {
        expect(canonicalize(contentOf(leavesOf(value)))).toBe(canonicalize(value));
      }),
    );
  });

  test("has no place for a value above another", () => {
    const leaves: readonly (readonly [string, Json])[] = [
      ["/x", 1],
      ["/x/y/@deleted", true],
      ["/x/y", 2],
      ["/x-", 3],
    ];
    for (const order of [leaves, leaves.toReversed()]) {
      expect(contentOf(new Map(order))).toEqual({ x: { y: { "@deleted": true } }, "x-": 3 });
    }
  });
});

describe("the strategy for a path", () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    default: { priority: [] },
    types: {
      package: {
        "/a": "set",
        "/a/*": "text",
        "/a/b": "newest",
        "/*/b/*": "text",
        "/*/*/c": "set",
      },
    },
  };

  test.each<[string, string, Strategy]>([
    ["package", "/a", "set"],
    ["package", "/a/x", "text"],
    ["package", "/a/x/y", "text"],
    ["package", "/a/b", "newest"],
    ["package", "/a/b/y", "newest"],
    ["package", "/x/b/c", "text"],
    ["package", "/x/y/c", "set"],
    ["package", "/x/y", policy.default],
    ["package", "/ab", policy.default],
    ["vessel", "/a", policy.default],
    ["constructor", "/a", policy.default],
  ])("of a %s, %s, is that of the longest pattern, exact keys first", (type, path, strategy) => {
    expect(strategyFor(policy, type, path)).toEqual(strategy);
  });
});

test("a text is measured in bytes of UTF-8", () => {
  const full = "é".repeat(TEXT_BYTES_MAX / 2);
  expect([full, `${full}.`, 7, null, undefined].map(isMergeableText)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("nobody wrote a path that was never written", () => {
  const tale = new Tale("one").save("o", { set: { "": { title: "a" } } });
  const graph = graphOf(new History(tale.revisions));
  const frontier = tale.frontier("o") as RevisionId[];
  expect(writersOf(graph, frontier, "/notes", undefined)).toEqual([]);
  expect(writersOf(graph, frontier, "/title", "a")).toEqual(frontier);
});

test("a pin that names an edit below the choke point counts as a statement over what was there", () => {
  const tale = new Tale("deep pin")
    .save("o", { set: { "": { notes: "old tide" } } })
    .save("x", { over: "o", set: { "/title": "x" } })
    .save("a", { over: "x", set: { "/title": "a" } })
    .save("b", { over: "x", set: { "/notes": "old tide table" } })
    .save("c", { over: "a", set: { "/notes": "very old tide" } });
  const pinned = { ...tale.revision("a"), pins: [{ path: "/notes", of: [tale.id("o")] }] };
  tale.revisions.set(pinned.id, pinned);
  const graph = graphOf(new History(tale.revisions));
  const frontier = tale.frontier("bc") as RevisionId[];
  const { leaves } = stateAt(graph, frontier, enginePolicy(EDIT_WINS));
  expect(leaves.get("/notes")).toBe("very old tide");
});

describe("a record of another program that pins nothing", () => {
  const tale = new Tale("no pins")
    .save("o", { set: { "": { title: "a", resources: { r1: { url: "u" } } } } })
    .save("a", { over: "o", set: { "/@deleted": true } })
    .save("b", { over: "a", set: { "/resources/r1/url": "v" } });

  test("brings back the deleted unit that it writes into", () => {
    const { pins, ...bare } = tale.revision("b");
    expect(pins).toHaveLength(1);
    const history = new History(new Map(tale.revisions).set(bare.id, bare));
    const graph = graphOf(history);
    expect(contentAfter(graph, graph.revision(bare.id as RevisionId))).toEqual({
      title: "a",
      resources: { r1: { url: "v" } },
    });
    const known = new Oracle(history, EDIT_WINS, WORDS).content(bare.id);
    expect(contentOf(known)).toEqual(graph.content(bare.id as RevisionId));
  });

  test("and with its pin leaves it deleted", () => {
    const graph = graphOf(new History(tale.revisions));
    expect(graph.content(tale.id("b") as RevisionId)).toHaveProperty("@deleted", true);
  });
});

test("a pin says nothing of a value where its author saw none", () => {
  const tale = new Tale("absent")
    .save("o", { set: { "": { title: "a" } } })
    .save("a", { over: "o", set: { "/title": undefined } })
    .save("b", { over: "o", set: { "/title": "b" } });
  const graph = graphOf(new History(tale.revisions));
  const patch = [{ op: "add", path: "/version", value: 1 }] as const;
  const pins = (policy: OraclePolicy) =>
    pinsOver(graph, tale.frontier("ab") as RevisionId[], enginePolicy(policy), patch);
  expect(pins(DELETE_WINS)).toStrictEqual([{ path: "/title", of: [tale.id("a")] }]);
  expect(pins(EDIT_WINS)).toStrictEqual([{ path: "/title", value: "b", of: [tale.id("b")] }]);
});

test("the time of a merge is nowhere in a merged text", () => {
  let now = 0;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => (now += 1e6));
  const tale = TEXT_CASES.find(({ title }) => title.startsWith("the same change of a text"));
  const [told] = tale?.expectations ?? [];
  if (tale === undefined || told === undefined) throw new Error("the case is gone");
  const graph = graphOf(new History(tale.revisions));
  const frontier = tale.frontier(told.over) as RevisionId[];
  const { leaves } = stateAt(graph, frontier, enginePolicy(told.policy));
  clock.mockRestore();
  expect(leaves.get("/notes")).toBe(told.leaves["/notes"]);
});

test("a text with more histories than are held at a time is what an independent merge makes of it", () => {
  const name = (at: number): string => String.fromCodePoint(0x4e00 + at);
  const words = (at: number): string[] => [
    `tide${at}`,
    ...Array.from({ length: 9 }, (_, n) => `w${n}`),
  ];
  const tale = new Tale("many heads").save("o", { set: { "": { notes: words(0).join(" ") } } });
  const write = (at: number, over: string): void => {
    const notes = words(0)
      .toSpliced(1 + (at % 9), 0, `by${at}`)
      .join(" ");
    tale.save(name(at), { over, set: { "/notes": notes } });
  };
  // Two lines of 20 saves each over the same one, then 20 saves beside them.
  for (let at = 0; at < 40; at++) write(at, at < 2 ? "o" : name(at - 2));
  for (let at = 40; at < 60; at++) write(at, at % 2 === 0 ? "o" : name(at % 20));
  const heads = tale.frontier(
    [38, 39, ...Array.from({ length: 20 }, (_, n) => 40 + n)].map(name).join(""),
  );
  const history = new History(tale.revisions);
  const oracle = new Oracle(history, EDIT_WINS, AUTOMERGE);
  const policy = enginePolicy(EDIT_WINS);
  expect(statesDiffer(heads)(oracle, graphOf(history), policy)).toBeUndefined();
});
