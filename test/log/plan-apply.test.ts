// Proves that planning what a batch does stays cheap and bounded whatever comes: long branches,
// orders that make records wait for one another, lines without number, a full quarantine.
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { QuarantineRow } from "../../src/store/rows.ts";
import { expectNoEffect, from, identity, memoryStore } from "../store/helpers.ts";
import { Author, batchOf, type Made, uuid } from "../store/records.ts";

const limits = vi.hoisted(() => ({ records: 10_000, bytes: 64 * 1024 * 1024, unkept: 100_000 }));

vi.mock("../../src/base/limits.ts", async (original) => ({
  ...(await original<typeof import("../../src/base/limits.ts")>()),
  get QUARANTINE_RECORDS_MAX() {
    return limits.records;
  },
  get QUARANTINE_BYTES_MAX() {
    return limits.bytes;
  },
  get QUARANTINE_UNKEPT_MAX() {
    return limits.unkept;
  },
}));

const { BATCH_RECORDS_MAX } = await import("../../src/base/limits.ts");
const { SqliteStore } = await import("../../src/store/sqlite/sqlite-store.ts");
const { testPorts } = await import("../store/helpers.ts");

const NOTE = uuid<ObjectId>(1);
const OTHER = uuid<ObjectId>(2);

/** Far more than the work takes; the mistakes that are meant here take many minutes. */
const BLOCKED_MS_MAX = 20_000;

function elapsedMs(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe("cost", () => {
  test("a long branch beside another is not replayed for each of its revisions", () => {
    const store = memoryStore(1);
    const ana = new Author(1);
    const changeset = ana.changeset();
    const wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, i]));
    const root = ana.create(NOTE, wide, changeset);
    const served = ana.set(root, { f0: -1 }, changeset);
    const branch = [root];
    for (let i = 1; i <= 3000; i++) {
      branch.push(ana.set(branch.at(-1) as Made, { f1: -i }, changeset));
    }
    const middle = branch[1500] as Made;
    const twigs = Array.from({ length: 500 }, (_, i) => ana.set(middle, { f2: -i }, changeset));
    const bytes = batchOf(changeset, root, served, ...branch.slice(1), ...twigs);
    const ms = elapsedMs(() => {
      expect(store.apply(from(null, bytes))).toMatchObject({ revisions: 3502, refused: [] });
    });
    expect(ms).toBeLessThan(BLOCKED_MS_MAX);
    expect(store.object(NOTE)?.heads).toHaveLength(502);
    const last = branch.at(-1) as Made;
    expect(store.contentTextAt(last.id)).toBe(canonicalize(last.content));
  });

  test("a history that comes backwards is taken up in one go", () => {
    const store = memoryStore(1);
    const ana = new Author(1);
    const changeset = ana.changeset();
    const line = [ana.create(NOTE, { n: 0 }, changeset)];
    for (let i = 1; i <= 3000; i++) line.push(ana.set(line.at(-1) as Made, { n: i }, changeset));
    const ms = elapsedMs(() => {
      const outcome = store.apply(from(null, batchOf(...line.reverse(), changeset)));
      expect(outcome).toMatchObject({ revisions: 3001, refused: [] });
    });
    expect(ms).toBeLessThan(BLOCKED_MS_MAX);
    expect(store.verify().findings).toEqual([]);
  });

  test("a batch of more lines than any batch has is refused whole", async () => {
    const store = memoryStore(1);
    const junk = Buffer.from("x\n".repeat(BATCH_RECORDS_MAX + 1));
    await expectNoEffect(store, "INPUT_TOO_LARGE", () => store.apply(from(null, junk)));
  });
});

describe("a full quarantine", () => {
  test.each([
    ["records", { records: 3, bytes: 1_000_000 }],
    ["bytes", { records: 1_000, bytes: 3 }],
  ])("counts once what it has no room for, and keeps no byte of it: %s", (_, full) => {
    Object.assign(limits, full);
    try {
      const memory = memoryStore(1);
      const sqlite = SqliteStore.create(":memory:", { identity: identity(1), ...testPorts(1) });
      const ana = new Author(1);
      const changeset = ana.changeset();
      const note = ana.create(NOTE, { name: "a" }, changeset);
      for (const store of [memory, sqlite]) {
        const first = store.apply(from(null, Buffer.from("1\n2\n3\n4\n5\n")));
        expect(first.refused).toHaveLength(5);
        expect(keptOf(store)).toHaveLength(3);
        expect(store.counts().quarantined).toBe(5);
        const second = store.apply(from(null, batchOf("6", changeset, note)));
        expect(second).toMatchObject({ revisions: 1, refused: [{ code: "INVALID_RECORD" }] });
        store.apply(from(null, Buffer.from("1\n2\n3\n4\n5\n6\n")));
        expect(store.counts().quarantined).toBe(6);
        expect(keptOf(store)).toHaveLength(3);
        expect(store.verify().findings).toEqual([]);
      }
      expect(memory.quarantine()).toEqual(
        sqlite.quarantine().map((row) => ({ ...row, bytes: Uint8Array.from(row.bytes) })),
      );
      sqlite.close();
    } finally {
      Object.assign(limits, { records: 10_000, bytes: 64 * 1024 * 1024 });
    }
  });

  test("forgets what it had no room for once it is stored, and keeps it once there is room", () => {
    const memory = memoryStore(1);
    const sqlite = SqliteStore.create(":memory:", { identity: identity(1), ...testPorts(1) });
    const ana = new Author(1);
    const changeset = ana.changeset();
    const note = ana.create(NOTE, { name: "a" }, changeset);
    const other = ana.create(OTHER, { name: "b" }, changeset, { bodyHash: "0".repeat(64) });
    for (const store of [memory, sqlite]) {
      limits.records = 0;
      try {
        store.apply(from(null, batchOf(note, other)));
        expect(store.counts().quarantined).toBe(2);
        expect(keptOf(store)).toEqual([]);
        // Nothing is left of it that could be taken up.
        expect(store.apply(from(null, batchOf(changeset)))).toMatchObject({ revisions: 0 });
        expect(store.counts().quarantined).toBe(2);
        store.apply(from(null, batchOf(note)));
        expect(store.quarantine().map(({ id }) => id)).toEqual([other.id]);
      } finally {
        limits.records = 10_000;
      }
      store.apply(from(null, batchOf(other)));
      expect(keptOf(store)).toEqual([other.text]);
      expect(store.counts().quarantined).toBe(1);
    }
    sqlite.close();
  });

  test("knows of so many records that it has no room for, and no more", () => {
    const memory = memoryStore(1);
    const sqlite = SqliteStore.create(":memory:", { identity: identity(1), ...testPorts(1) });
    Object.assign(limits, { records: 1, unkept: 2 });
    try {
      for (const store of [memory, sqlite]) {
        store.apply(from(null, Buffer.from("1\n2\n")));
        store.apply(from(null, Buffer.from("3\n4\n5\n")));
        expect(store.counts().quarantined).toBe(3);
      }
    } finally {
      Object.assign(limits, { records: 10_000, unkept: 100_000 });
    }
    sqlite.close();
  });
});

/** The records of which the quarantine keeps the bytes. */
function keptOf(store: { quarantine(): readonly QuarantineRow[] }): string[] {
  const texts = store.quarantine().map(({ bytes }) => Buffer.from(bytes).toString());
  return texts.filter((text) => text !== "");
}

/** A tree over two changesets by two authors, in causal order. */
function tree(): Made[] {
  const ana = new Author(1);
  const ben = new Author(2);
  const first = ana.changeset();
  const second = ben.changeset({ message: "b" });
  const root = ana.create(NOTE, { name: "a" }, first);
  const left = ana.set(root, { title: "1" }, first);
  ben.hlc = ana.hlc;
  const next = ben.set(left, { title: "2" }, second);
  const last = ben.set(next, { title: "3" }, second);
  const other = ben.create(OTHER, { name: "b" }, second);
  return [first, root, left, second, next, last, other];
}

describe("order", () => {
  test("one state for any order, cut and repetition", () => {
    const records = tree();
    const ordered = memoryStore(8);
    ordered.apply(from(null, batchOf(...records)));
    const order = fc.shuffledSubarray(records, { minLength: records.length });
    const extra = fc.array(fc.constantFrom(...records), { maxLength: 4 });
    const cuts = fc.array(fc.nat(records.length), { maxLength: 3 });
    fc.assert(
      fc.property(order, extra, cuts, (shuffled, repeated, at) => {
        const target = memoryStore(9);
        const all = [...repeated, ...shuffled];
        const ends = [...at.sort((a, b) => a - b), all.length];
        ends.forEach((end, i) => {
          target.apply(from(null, batchOf(...all.slice(ends[i - 1] ?? 0, end))));
        });
        expect(target.digest()).toBe(ordered.digest());
        expect(target.counts().quarantined).toBe(0);
        expect(target.verify().findings).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
