/** What the reading methods promise: pages, entries, positions, objects, counts, the digest. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ObjectId, RevisionId } from "../../../src/base/ids.ts";
import type { LogPage } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  command,
  EVERYTHING,
  expectError,
  from,
  identity,
  memoryStore,
  put,
  setField,
  transfer,
} from "../helpers.ts";
import { Author, batchOf, hex, linesIn, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);

/** Changesets of 1, 2, 3, 4 and 5 revisions: 15 log entries. */
async function fill(store: Store): Promise<void> {
  for (let size = 1; size <= 5; size++) {
    const changes = Array.from({ length: size }, (_, i) =>
      put(uuid<ObjectId>(size * 16 + i), { name: `n${size}-${i}`, text: "語".repeat(20) }),
    );
    await store.author(command(...changes));
  }
}

async function pages(store: Store, revisions: number, bytes: number): Promise<LogPage[]> {
  const found: LogPage[] = [];
  for (let after = 0; ; ) {
    const page = await store.readPage(after, { revisions, bytes });
    if (page === undefined) return found;
    found.push(page);
    after = page.to;
  }
}

export function reading(open: Open): void {
  describe("readPage", () => {
    test("gives whole changesets, stopping at the first limit", async () => {
      const store = await open(identity(1));
      await fill(store);
      const sizes = async (revisions: number, bytes: number): Promise<number[]> =>
        (await pages(store, revisions, bytes)).map((page) => page.revisions);
      expect(await sizes(1_000, 1_000_000)).toEqual([15]);
      expect(await sizes(1, 1_000_000)).toEqual([1, 2, 3, 4, 5]);
      expect(await sizes(0, 0)).toEqual([1, 2, 3, 4, 5]);
      expect(await sizes(2, 1_000_000)).toEqual([3, 3, 4, 5]);
      expect(await sizes(1_000, 1)).toEqual([1, 2, 3, 4, 5]);
      const third = (await pages(store, 1, 1_000_000))[2] as LogPage;
      const two = (await pages(store, 3, 1_000_000))[0] as LogPage;
      // A limit of bytes that the first two changesets do not reach, and one that they just do.
      expect((await sizes(1_000, two.bytes.length + 1))[0]).toBe(6);
      expect((await sizes(1_000, two.bytes.length))[0]).toBe(3);
      expect(third).toMatchObject({ after: 3, to: 6, revisions: 3, changesets: 1 });
    });

    test("gives each changeset before its revisions, the chain and true counts", async () => {
      const store = await open(identity(1));
      await fill(store);
      for (const page of await pages(store, 4, 1_000_000)) {
        const seen = new Set<string>();
        const records = linesIn(page.bytes).map((line) => JSON.parse(line));
        for (const record of records) {
          if ("author" in record) seen.add(record.id);
          else expect(seen).toContain(record.changeset);
        }
        expect(records.length).toBe(page.revisions + page.changesets);
        expect(seen.size).toBe(page.changesets);
        expect(page.to - page.after).toBe(page.revisions);
        expect(hex(page.chain)).toBe(hex(await store.chainAt(page.to)));
        expect(Buffer.from(page.bytes).at(-1)).toBe(0x0a);
      }
      expect(await store.readPage(15, EVERYTHING)).toBeUndefined();
      expect(await store.readPage(99, EVERYTHING)).toBeUndefined();
    });

    test("gives what one instance authored, but for some of its epochs", async () => {
      const [store, other] = [await open(identity(1)), memoryStore(2)];
      const epochs: string[] = [];
      for (const reason of ["restore", "kept", "copy"] as const) {
        epochs.push((await store.identity()).epoch);
        await store.author(command(put(uuid<ObjectId>(epochs.length), { name: reason })));
        await store.beginEpoch(reason);
      }
      await other.author(command(put(uuid<ObjectId>(9), { name: "other" })));
      await transfer(other, store);
      const names = async (n: number, except?: readonly string[]): Promise<string[]> => {
        const limits = { ...EVERYTHING, only: identity(n).instance, except };
        const found: string[] = [];
        for (let after = 0; after < 4; ) {
          const page = (await store.readPage(after, limits)) as LogPage;
          found.push(
            ...(Buffer.from(page.bytes)
              .toString()
              .match(/(?<="name":")\w+/g) ?? []),
          );
          after = page.to;
        }
        return found;
      };
      const [first = "", second = "", third = ""] = epochs;
      expect(await names(1)).toEqual(["restore", "kept", "copy"]);
      expect(await names(1, [])).toEqual(["restore", "kept", "copy"]);
      expect(await names(1, [second, uuid(77)])).toEqual(["restore", "copy"]);
      expect(await names(1, [first, third])).toEqual(["kept"]);
      expect(await names(1, epochs)).toEqual([]);
      expect(await names(2, [second])).toEqual(["other"]);
    });

    test("gives what one instance authored with what that builds on, by whomever", async () => {
      const [store, own, other] = [await open(identity(1)), memoryStore(2), memoryStore(3)];
      await other.author(command(put(NOTE, { name: "base" })));
      await other.author(command(put(uuid<ObjectId>(2), { name: "untouched" })));
      await other.author(command(setField(NOTE, "title", "second")));
      await transfer(other, own);
      await own.author(command(setField(NOTE, "title", "own")));
      await other.author(command(setField(NOTE, "text", "beside")));
      await transfer(other, store);
      await transfer(own, store);
      await store.author(command(setField(NOTE, "title", "later")));
      const only = identity(2).instance;
      for (const revisions of [1, 1_000]) {
        const found: string[] = [];
        for (let after = 0; after < 6; ) {
          const page = (await store.readPage(after, { ...EVERYTHING, revisions, only })) as LogPage;
          const records = linesIn(page.bytes).map((line) => JSON.parse(line));
          found.push(...records.filter(({ parents }) => parents).map(({ id }) => id));
          after = page.to;
        }
        const entries = await own.entries({ object: NOTE, limit: 9 });
        expect(found).toEqual(entries.map(({ id }) => id));
        expect(found).toHaveLength(3);
      }
    });
  });

  describe("entries and positions", () => {
    test("lists entries by position, object and direction", async () => {
      const store = await open(identity(1));
      await fill(store);
      await store.author(command(setField(uuid<ObjectId>(16), "title", "x")));
      const lsns = async (filter: object): Promise<number[]> =>
        (await store.entries({ limit: 100, ...filter })).map(({ lsn }) => lsn);
      expect(await lsns({ after: 12 })).toEqual([13, 14, 15, 16]);
      expect(await lsns({ after: 3, limit: 2 })).toEqual([4, 5]);
      expect(await lsns({ reverse: true, limit: 3 })).toEqual([16, 15, 14]);
      expect(await lsns({ reverse: true, before: 3 })).toEqual([2, 1]);
      expect(await lsns({ object: uuid(16) })).toEqual([1, 16]);
      expect(await lsns({ object: uuid(16), reverse: true })).toEqual([16, 1]);
      expect(await lsns({ object: uuid(9999) })).toEqual([]);
      expect(await lsns({ object: "pump" })).toEqual([]);
      const [entry] = await store.entries({ after: 15, limit: 1 });
      expect(await store.entry(entry?.id as RevisionId)).toEqual(entry);
      expect(await store.entry(uuid(9999))).toBeUndefined();
      expect(await store.entry("pump" as RevisionId)).toBeUndefined();
      expect(await store.chainAt(17)).toBeUndefined();
      expect(hex(await store.chainAt(0))).toBe("00".repeat(16));
    });

    test("finds where revisions, changesets and times begin", async () => {
      const store = await open(identity(1));
      await fill(store);
      const entries = await store.entries({ limit: 100 });
      const at = (lsn: number) => JSON.parse(entries[lsn - 1]?.text as string);
      expect(await store.positionOf({ id: at(5).id })).toBe(5);
      expect(await store.positionOf({ id: at(5).changeset })).toBe(6);
      expect(await store.positionOf({ hlc: at(5).hlc })).toBe(5);
      expect(await store.positionOf({ hlc: at(5).hlc - 1 })).toBe(4);
      expect(await store.positionOf({ hlc: 0 })).toBe(0);
      expect(await store.positionOf({ hlc: at(15).hlc })).toBe(15);
      expect(await store.positionOf({ id: uuid(9999) })).toBeUndefined();
      expect(await store.positionOf({ id: "yesterday" })).toBeUndefined();
      // A stray record from the future is no reason to leave out what came after it.
      const ana = new Author(1);
      const changeset = ana.changeset();
      const future = ana.create(NOTE, { name: "f" }, changeset, { hlc: at(15).hlc * 2 });
      const past = ana.create(uuid(2), { name: "p" }, changeset, { hlc: 1 });
      await store.apply(from(null, batchOf(changeset, future, past)));
      expect(await store.positionOf({ hlc: at(15).hlc })).toBe(15);
      expect(await store.positionOf({ hlc: at(15).hlc * 3 })).toBe(17);
    });

    test("refuses the content of revisions it does not know", async () => {
      const store = await open(identity(1));
      await expectError(() => store.contentTextAt(uuid(1)), "REVISION_NOT_FOUND");
      await expectError(() => store.contentTextAt("pump" as RevisionId), "REVISION_NOT_FOUND");
    });
  });

  describe("objects", () => {
    test("lists by type, name, prefix and page, in id order, deleted ones on request", async () => {
      const store = await open(identity(1));
      const ids = ["aa", "ab", "b0"].map((start, i) => `${start}000000${uuid(i).slice(8)}`);
      const [aa, ab, b0] = ids as [ObjectId, ObjectId, ObjectId];
      await store.author(
        command(
          put(b0, { name: "x" }),
          put(aa, { name: "y" }),
          put(ab, { name: "x" }, "create", "tag"),
          { kind: "delete", object: b0 },
        ),
      );
      const found = async (filter: object): Promise<string[]> =>
        (await store.objects({ limit: 100, ...filter })).map(({ id }) => id);
      expect(await found({})).toEqual([aa, ab]);
      expect(await found({ includeDeleted: true })).toEqual([aa, ab, b0]);
      expect(await found({ type: "note" })).toEqual([aa]);
      expect(await found({ name: "x" })).toEqual([ab]);
      expect(await found({ name: "x", type: "note", includeDeleted: true })).toEqual([b0]);
      expect(await found({ after: aa })).toEqual([ab]);
      expect(await found({ limit: 1 })).toEqual([aa]);
      expect(await found({ idPrefix: "a" })).toEqual([aa, ab]);
      expect(await found({ idPrefix: ab })).toEqual([ab]);
      expect(await found({ idPrefix: ab.slice(0, 9) })).toEqual([ab]);
      for (const none of ["zz", "A", "aa00-", `${ab}0`, `${ab}-`, "c"]) {
        expect(await found({ idPrefix: none })).toEqual([]);
      }
      expect(await store.object(uuid(9999))).toBeUndefined();
      expect(await store.object("pump" as ObjectId)).toBeUndefined();
    });

    test("counts what there is", async () => {
      const store = await open(identity(1));
      const none = { objects: {}, deleted: 0, revisions: 0, changesets: 0, diverged: 0 };
      const other = {
        openConflicts: 0,
        purged: 0,
        shunned: 0,
        departed: 0,
        parked: 0,
        quarantined: 0,
        refusedPurges: 0,
      };
      expect(await store.counts()).toEqual({ ...none, ...other });
      await fill(store);
      await store.author(command(put(NOTE, { name: "t" }, "create", "tag")));
      await store.author(command({ kind: "delete", object: uuid<ObjectId>(16) }));
      expect(await store.counts()).toEqual({
        ...{ objects: { note: 14, tag: 1 }, deleted: 1, revisions: 17, changesets: 7 },
        ...{ diverged: 0, ...other },
      });
    });
  });

  describe("digest", () => {
    test("is the hash of the sorted lines of all objects", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      expect(await store.digest()).toBe(createHash("sha256").update("").digest("hex"));
      await fill(store);
      await transfer(store, peer);
      await store.author(command(setField(uuid<ObjectId>(16), "title", "mine")));
      peer.author(command(setField(uuid<ObjectId>(16), "title", "yours")));
      await transfer(peer, store);
      await store.author(command(put(NOTE, { title: "without a name" })));
      await store.author(command({ kind: "delete", object: uuid<ObjectId>(32) }));
      const rows = await store.objects({ includeDeleted: true, limit: 100 });
      const lines = rows.map(({ id, heads, bodyHash, effectiveName }) =>
        JSON.stringify([id, [...heads].sort(), bodyHash, effectiveName]),
      );
      const text = lines.sort().map((line) => `${line}\n`);
      expect(rows.filter(({ heads }) => heads.length > 1)).toHaveLength(1);
      expect(await store.digest()).toBe(createHash("sha256").update(text.join("")).digest("hex"));
    });
  });
}
