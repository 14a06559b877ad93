// Proves the one law as far as stores go: what an instance holds in the end depends on the set of
// revisions it got, not on batching, repetition or order, and memory and SQLite agree on it.
import fc from "fast-check";
import { expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Change } from "../../src/log/author.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { ApplyBatch } from "../../src/store/store.ts";
import { command, from, identity, put, setField, testPorts } from "./helpers.ts";
import { Author, batchOf, EPOCH, hex, linesIn, type Made, uuid } from "./records.ts";

/** A store that answers at once. */
type Local = MemoryStore | SqliteStore;

const SITES = 3;
type Site = 0 | 1 | 2;

type Step =
  | { readonly kind: "author"; readonly site: 0 | 1; readonly change: Edit }
  | { readonly kind: "send"; readonly from: Site; readonly to: Site; readonly page: number };

type Edit = "put" | "set" | "rename" | "delete" | "undelete" | "several";

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("author" as const),
    site: fc.constantFrom<0 | 1>(0, 1),
    change: fc.constantFrom<Edit>("put", "set", "set", "rename", "delete", "undelete", "several"),
  }),
  fc.record({
    kind: fc.constant("send" as const),
    from: fc.constantFrom<Site>(0, 1),
    to: fc.constantFrom<Site>(0, 1, 2),
    page: fc.constantFrom(1, 2, 1000),
  }),
);

/** The object that a site edits: each has its own, so that no object gets two heads. */
function ownObject(site: number, n: number): ObjectId {
  return uuid<ObjectId>((site + 1) * 1000 + n);
}

function changesOf(edit: Edit, site: number, count: number): Change[] {
  const object = ownObject(site, count % 3);
  const value = `v${count}`;
  if (edit === "put") return [put(object, { name: value, map: { k: value } }, "replace")];
  if (edit === "set") return [setField(object, "title", value)];
  if (edit === "rename") return [{ kind: "rename", object, name: value }];
  if (edit === "several") {
    const other = ownObject(site, (count + 1) % 3);
    return [put(object, { name: value }, "replace"), put(other, { name: value }, "absent")];
  }
  return [{ kind: edit, object }];
}

/** Carries out a history on fresh stores; edits that cannot be made are skipped. */
function play(steps: readonly Step[], make: (site: number) => Local): Local[] {
  const stores = Array.from({ length: SITES }, (_, site) => make(site));
  steps.forEach((one, count) => {
    if (one.kind === "send") {
      if (one.from !== one.to) send(stores[one.from] as Local, stores[one.to] as Local, one.page);
      return;
    }
    const store = stores[one.site] as Local;
    try {
      store.author(command(...changesOf(one.change, one.site, count)));
    } catch {
      // An object that is not there, or deleted: the command has no effect.
    }
  });
  return stores;
}

/** Sends the log in pages of so many revisions, each with its cursor. */
function send(source: Local, target: Local, revisions: number, after = 0): void {
  const { instance } = source.identity();
  for (let at = after; ; ) {
    const page = source.readPage(at, { revisions, bytes: 1_000_000 });
    if (page === undefined) return;
    const start = { lsn: at, chain: hex(source.chainAt(at)) };
    const rung = { epoch: EPOCH, lsn: page.to, chain: hex(page.chain) };
    const cursor = { scope: "s", after: start, rung };
    const batch: ApplyBatch = { source: instance, bytes: page.bytes, cursor };
    expect(target.apply(batch)).toMatchObject({ refused: [] });
    at = page.to;
  }
}

function memory(site: number): MemoryStore {
  return new MemoryStore({ identity: identity(site), ...testPorts(site + 1) });
}

function sqlite(site: number): SqliteStore {
  return SqliteStore.create(":memory:", { identity: identity(site), ...testPorts(site + 1) });
}

/** Causally valid: parents first, changesets before their revisions; otherwise any order. */
function anyOrder(lines: readonly string[], pick: () => number): string[] {
  const records = lines.map((line) => ({ line, record: JSON.parse(line) }));
  const present = new Set<string>();
  const known = new Set(records.map(({ record }) => record.id));
  const result: string[] = [];
  while (records.length > 0) {
    const ready = records.filter(({ record }) =>
      [...(record.parents ?? []), ...(record.changeset ? [record.changeset] : [])].every(
        (id: string) => present.has(id) || !known.has(id),
      ),
    );
    const chosen = ready[pick() % ready.length] as (typeof records)[number];
    records.splice(records.indexOf(chosen), 1);
    present.add(chosen.record.id);
    result.push(chosen.line);
  }
  return result;
}

function allLines(store: Local): string[] {
  const page = store.readPage(0, { revisions: 1e6, bytes: 1e9 });
  return page === undefined ? [] : linesIn(page.bytes);
}

test("stores that hold the same revisions have the same digest, whatever the way there", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 25 }),
      fc.infiniteStream(fc.nat(1000)),
      (steps, numbers) => {
        const pick = (): number => numbers.next().value;
        const [a, b, c] = play(steps, memory) as [Local, Local, Local];
        send(a, c, 1 + (pick() % 5));
        send(b, c, 1 + (pick() % 5));
        send(c, a, 1000);
        send(c, b, 1);
        expect(a.digest()).toBe(c.digest());
        expect(b.digest()).toBe(c.digest());

        const target = sqlite(9);
        const lines = anyOrder(allLines(c), pick);
        for (let at = 0; at < lines.length; ) {
          const end = at + 1 + (pick() % 6);
          const piece = lines.slice(Math.max(0, at - (pick() % 3)), end);
          target.apply(from(identity(2), Buffer.from(`${piece.join("\n")}\n`)));
          at = end;
        }
        expect(target.digest()).toBe(c.digest());
        expect(target.counts()).toEqual(c.counts());
        expect(target.verify().findings).toEqual([]);
        target.close();
      },
    ),
    { numRuns: 60 },
  );
});

test("memory and SQLite are the same store", () => {
  // Here all sites edit the same objects, so that concurrent edits and creations are part of it.
  const shared = (steps: readonly Step[], make: (site: number) => Local): Local[] => {
    const stores = [0, 1, 2].map(make);
    steps.forEach((one, count) => {
      if (one.kind === "send") {
        if (one.from !== one.to) send(stores[one.from] as Local, stores[one.to] as Local, one.page);
        return;
      }
      try {
        const changes = changesOf(one.change, 0, count);
        (stores[one.site] as Local).author(command(...changes));
      } catch {
        // As above.
      }
    });
    return stores;
  };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const left = shared(steps, memory);
      const right = shared(steps, sqlite);
      left.forEach((store, site) => {
        const other = right[site] as Local;
        expect(imageOf(other)).toEqual(imageOf(store));
        expect(other.verify()).toEqual(store.verify());
        expect(store.verify().findings).toEqual([]);
      });
      for (const store of right) store.close();
    }),
    { numRuns: 60 },
  );
});

/** Good records, bad ones, ones that wait, repeated ids and numbers: what strangers may send. */
function strangeRecords(): string[] {
  const ana = new Author(1);
  const ben = new Author(2);
  const first = ana.changeset();
  const second = ben.changeset();
  const root = ana.create(uuid(1), { name: "a" }, first);
  const twin = ben.create(uuid(1), { name: "twin" }, second);
  const left = ana.set(root, { title: "1" }, first);
  const right = ben.set(root, { title: "2" }, second, { hlc: left.record.hlc as number });
  const late = ben.set(right, { title: "3" }, second);
  const other = ana.create(uuid(2), { name: "b" }, second, { type: "tag" });
  const bad = [
    ana.set(left, { title: "x" }, first, { bodyHash: "0".repeat(64) }),
    ana.set(left, { title: "x" }, first, { hlc: 1 }),
    ana.set(left, { title: "x" }, first, { type: "tag" }),
    ana.set(left, { title: "x" }, first, { parents: [left.id, right.id].sort() }),
    ana.create(uuid(3), { name: "c" }, first, { id: root.id }),
    ana.create(uuid(4), { name: "d" }, first, { changeset: uuid(99) }),
    ben.changeset({ id: first.id }),
  ];
  const fork = ben.create(uuid(5), { name: "e" }, second, { seq: twin.record.seq as number });
  const made = [first, second, root, twin, left, right, late, other, ...bad, fork];
  return [
    ...made.map(({ text }) => text),
    "junk",
    '{"v":1}',
    ana.set(bad[0] as Made, {}, first).text,
  ];
}

test("memory and SQLite take and refuse alike whatever strangers send", () => {
  const records = strangeRecords();
  const batch = fc.array(fc.constantFrom(...records), { minLength: 1, maxLength: 8 });
  const outcomeOf = (store: Local, lines: readonly string[]): unknown => {
    try {
      const { head, ...outcome } = store.apply(from(identity(5), batchOf(...lines)));
      return { ...outcome, lsn: head.lsn };
    } catch (error) {
      expect(error).toBeInstanceOf(SynclineError);
      return (error as SynclineError).code;
    }
  };
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 8 }), (batches) => {
      const left = memory(0);
      const right = sqlite(0);
      for (const lines of batches) expect(outcomeOf(right, lines)).toEqual(outcomeOf(left, lines));
      expect(imageOf(right)).toEqual(imageOf(left));
      expect(right.verify()).toEqual(left.verify());
      expect(left.verify().findings).toEqual([]);
      right.close();
    }),
    { numRuns: 150 },
  );
});

/** Everything that readers can see of a store, as plain data. */
function imageOf(store: Local): unknown {
  const entries = store.entries({ limit: 1000 });
  const page = store.readPage(0, { revisions: 3, bytes: 1e6 });
  return {
    entries,
    contents: entries.map(({ id }) => store.contentTextAt(id)),
    objects: store.objects({ includeDeleted: true, limit: 1000 }),
    counts: store.counts(),
    digest: store.digest(),
    cursors: [0, 1, 2].map((site) => store.cursor(identity(site).instance, "s")),
    received: [0, 1, 2].map((site) => store.objectsReceived(identity(site).instance, [[1, 1000]])),
    head: hex(store.head().chain),
    quarantine: store.quarantine().map((row) => ({ ...row, bytes: hex(row.bytes) })),
    page: page === undefined ? [] : linesIn(page.bytes),
  };
}
