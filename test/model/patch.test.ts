// Proves that the difference of two contents, applied to the one, gives the other; that the door
// takes every such patch; and that it finds clashing writes as a plain comparison of all does.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import { isSynclineError } from "../../src/base/errors.ts";
import { isJsonObject, type Json } from "../../src/base/json.ts";
import { isBelow } from "../../src/base/pointer.ts";
import { checkPatch } from "../../src/model/check-patch.ts";
import { type Content, eachLeaf, leavesOf } from "../../src/model/content.ts";
import { contentTextOfCreation } from "../../src/model/creation.ts";
import { parseRecord, sealRecord } from "../../src/model/parse-record.ts";
import { applyWrites, diffContent } from "../../src/model/patch.ts";
import type { Write } from "../../src/model/record.ts";
import { writtenContent } from "../../src/model/written-content.ts";
import { uuid } from "../hostile/case.ts";
import { content, revisionOf } from "./content-arbitrary.ts";

/** A content and a change of it: some members replaced by those of another content. */
const pair: fc.Arbitrary<[Content, Content]> = fc.oneof(
  fc.tuple(content, content),
  fc.tuple(content, content).map(([a, b]): [Content, Content] => [a, { ...a, ...b }]),
);

describe("diffContent and applyWrites", () => {
  test("turn one content into the other, and leave both as they were", () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const before = canonicalize(from);
        const wanted = canonicalize(to);
        const writes = diffContent(from, to);
        const result = applyWrites(from, writes);
        expect(canonicalize(result)).toBe(wanted);
        expect(canonicalize(from)).toBe(before);
        expect(canonicalize(to)).toBe(wanted);
        expect(writes.length === 0).toBe(before === wanted);
      }),
      { numRuns: 2000 },
    );
  });

  test("writtenContent is what the patch puts there, and nothing else", () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const before = leavesOf(from);
        const put = [...leavesOf(to)].filter(([path, leaf]) => {
          return !before.has(path) || canonicalize(before.get(path) as Json) !== canonicalize(leaf);
        });
        const written = writtenContent(diffContent(from, to));
        expect(leavesOf(written ?? {})).toEqual(new Map(put));
        expect(written === undefined).toBe(put.length === 0);
      }),
      { numRuns: 500 },
    );
    expect(writtenContent(diffContent(undefined, { a: { b: 1 } }))).toEqual({ a: { b: 1 } });
  });

  test("make patches whose order does not matter", () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const writes = diffContent(from, to);
        const turned = applyWrites(from, [...writes].reverse());
        expect(canonicalize(turned)).toBe(canonicalize(to));
      }),
      { numRuns: 500 },
    );
  });

  test("make patches that pass the door, sorted and each path once", () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const patch = diffContent(from, to);
        fc.pre(patch.length > 0);
        const paths = patch.map(({ path }) => path);
        expect(paths).toEqual([...new Set(paths)].sort());
        checkPatch(revisionOf(patch));
        checkPatch(revisionOf(diffContent(undefined, to), { parents: [] }));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a creation's record", () => {
  test("holds the canonical content, to be cut out", () => {
    const resolves = fc.constantFrom([], [uuid(1)], [uuid(1), uuid(2)]);
    fc.assert(
      fc.property(content, resolves, (created, resolved) => {
        const patch = diffContent(undefined, created);
        const sealed = sealRecord(revisionOf(patch, { parents: [], resolves: resolved }));
        const parsed = parseRecord(Buffer.from(sealed.text));
        expect(parsed).toEqual(sealed);
        for (const { kind, record, text } of [sealed, parsed]) {
          if (kind !== "revision") throw new Error("not a revision");
          expect(contentTextOfCreation(record, text)).toBe(canonicalize(created));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("is told from a change", () => {
    const sealed = sealRecord(revisionOf([{ op: "add", path: "/a", value: { b: 1 } }]));
    expect(contentTextOfCreation(sealed.record, sealed.text)).toBeUndefined();
  });
});

describe("checkPatch", () => {
  const small = fc.constantFrom("a", "b", "c", "a-");
  const path = fc.array(small, { minLength: 1, maxLength: 4 }).map((keys) => `/${keys.join("/")}`);
  const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, depthSize: "small" },
      fc.constant(1),
      fc.dictionary(small, tie("value"), { minKeys: 1, maxKeys: 2 }),
    ),
  })).value;
  const write: fc.Arbitrary<Write> = fc.oneof(
    fc.record({ op: fc.constant("add" as const), path, value }),
    fc.record({ op: fc.constant("remove" as const), path }),
  );
  const patch = fc
    .uniqueArray(write, { selector: (item) => item.path, minLength: 1, maxLength: 5 })
    .map((writes) => writes.sort((a, b) => (a.path < b.path ? -1 : 1)));

  test("finds clashing writes", () => {
    let clashes = 0;
    fc.assert(
      fc.property(patch, (writes) => {
        if (clash(writes)) clashes++;
        expect(codeOf(writes)).toBe(clash(writes) ? "CLASHING_WRITES" : undefined);
      }),
      { numRuns: 5000 },
    );
    expect(clashes).toBeGreaterThan(100);
  });

  test("finds paths that are both pinned and written", () => {
    const of = [uuid(10)];
    fc.assert(
      fc.property(patch, path, (writes, pinned) => {
        fc.pre(!clash(writes));
        const isWritten = expand(writes).some((leaf) => leaf.path === pinned);
        const pins = [{ path: pinned, of }] as unknown as never;
        expect(codeOf(writes, { pins })).toBe(isWritten ? "INVALID_PIN" : undefined);
      }),
      { numRuns: 3000 },
    );
  });

  test("lets a revision resolve without writing", () => {
    expect(codeOf([], { resolves: [uuid(1)] })).toBeUndefined();
  });

  test("lets lists hold anything", () => {
    const list = [{}, { b: {} }, [], { "@deleted": false }];
    expect(codeOf([{ op: "add", path: "/a", value: list }])).toBeUndefined();
    expect(codeOf([{ op: "replace", path: "/a", value: [] }])).toBeUndefined();
  });

  test("lets a list or map take the place of each other", () => {
    const toMap: Write[] = [
      { op: "remove", path: "/a" },
      { op: "add", path: "/a/b", value: 1 },
    ];
    const toValue: Write[] = [
      { op: "add", path: "/a", value: 1 },
      { op: "remove", path: "/a/b" },
    ];
    expect(codeOf(toMap)).toBeUndefined();
    expect(codeOf(toValue)).toBeUndefined();
  });

  test("takes the limits themselves", () => {
    expect(codeOf([{ op: "add", path: "/a".repeat(61), value: 1 }])).toBeUndefined();
    expect(codeOf([{ op: "add", path: "/a".repeat(60), value: [1] }])).toBeUndefined();
    expect(codeOf([{ op: "add", path: `/${"k".repeat(1024)}`, value: 1 }])).toBeUndefined();
  });
});

function codeOf(patch: readonly Write[], fields: Parameters<typeof revisionOf>[1] = {}): unknown {
  try {
    checkPatch(revisionOf(patch, fields));
    return undefined;
  } catch (error) {
    return isSynclineError(error) ? error.code : error;
  }
}

/** The writes with maps written out, as the rules of merging read them. */
function expand(writes: readonly Write[]): { path: string; removes: boolean }[] {
  return writes.flatMap((write) => {
    if (write.op === "remove") return [{ path: write.path, removes: true }];
    const leaves: { path: string; removes: boolean }[] = [];
    eachLeaf(write.value, write.path, (path) => leaves.push({ path, removes: false }));
    return leaves;
  });
}

/** Values at and below one path, or one path written twice, by comparing all with all. */
function clash(writes: readonly Write[]): boolean {
  const leaves = expand(writes);
  const maps = writes.flatMap((write) => (write.op === "remove" ? [] : mapsIn(write)));
  return (
    new Set(leaves.map(({ path }) => path)).size < leaves.length ||
    leaves.some((a) => leaves.some((b) => !a.removes && !b.removes && isBelow(a.path, b.path))) ||
    writes.some((write) => maps.some((map) => map.of !== write && map.path === write.path))
  );
}

/** The paths of the maps that a write holds, its own included. */
function mapsIn(write: Exclude<Write, { op: "remove" }>): { path: string; of: Write }[] {
  const found: { path: string; of: Write }[] = [];
  const visit = (value: Json, path: string): void => {
    if (!isJsonObject(value)) return;
    found.push({ path, of: write });
    for (const [key, member] of Object.entries(value)) visit(member as Json, `${path}/${key}`);
  };
  visit(write.value, write.path);
  return found;
}

test("many removals from one map take time in proportion to their number", () => {
  const keys = Array.from({ length: 100_000 }, (_, at) => `k${at}`);
  const extras = Object.fromEntries(keys.map((key) => [key, 1]));
  const writes = keys.map((key) => ({ op: "remove", path: `/extras/${key}` }) as const);
  const start = process.threadCpuUsage();
  expect(applyWrites({ name: "a", extras }, writes)).toEqual({ name: "a" });
  const { user, system } = process.threadCpuUsage(start);
  // Counting the map anew at each removal took minutes.
  expect((user + system) / 1e6).toBeLessThan(5);
});
