/** What `apply` promises: the same set gives the same state, however it is cut and repeated. */
import { describe, expect, test } from "vitest";
import type { ActorId, ObjectId } from "../../../src/base/ids.ts";
import { LADDER_RUNGS_MAX } from "../../../src/base/limits.ts";
import type { Rung } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  command,
  EVERYTHING,
  expectNoEffect,
  from,
  identity,
  imprint,
  memoryStore,
  put,
  setField,
  transfer,
  wholeLog,
} from "../helpers.ts";
import {
  Author,
  batchOf,
  chainOver,
  cursorAt,
  cursorOver,
  EPOCH,
  hex,
  linesIn,
  uuid,
} from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);
const OTHER = uuid<ObjectId>(2);

async function sourceWithHistory(): Promise<Store> {
  const source = memoryStore(2);
  source.author(command(put(NOTE, { name: "a" }), put(OTHER, { name: "b" })));
  source.author(command(setField(NOTE, "title", "1"), setField(NOTE, "title", "2")));
  source.author(command({ kind: "delete", object: OTHER }));
  return source;
}

export function applying(open: Open): void {
  describe("apply", () => {
    test("stores what another instance authored, byte for byte", async () => {
      const source = await sourceWithHistory();
      const target = await open(identity(1));
      const { bytes } = await wholeLog(source);
      const outcome = await target.apply(from(identity(2), bytes));
      expect(outcome).toEqual({
        ...{
          changesets: 3,
          revisions: 5,
          objects: 2,
          purges: 0,
          duplicates: 0,
          discarded: 0,
          merged: 0,
          newConflicts: 0,
          removed: 0,
          restored: 0,
          refused: [],
        },
        head: await target.head(),
      });
      expect(hex(outcome.head.chain)).toBe(hex((await source.head()).chain));
      expect(await target.digest()).toBe(await source.digest());
      expect(linesIn((await wholeLog(target)).bytes)).toEqual(linesIn(bytes));
      const entries = await target.entries({ limit: 9 });
      expect(entries.map((entry) => entry.source)).toEqual(entries.map(() => identity(2).instance));
      expect((await target.verify()).findings).toEqual([]);
    });

    test("takes each record once, however often it comes", async () => {
      const source = await sourceWithHistory();
      const target = await open(identity(1));
      await transfer(source, target);
      const before = await imprint(target);
      const { bytes } = await wholeLog(source);
      const again = await target.apply(from(identity(3), bytes));
      expect(again).toMatchObject({ changesets: 0, revisions: 0, objects: 0, duplicates: 5 });
      const twice = Buffer.concat([bytes, bytes]);
      expect(await target.apply(from(null, twice))).toMatchObject({ revisions: 0, duplicates: 10 });
      expect(await imprint(target)).toEqual(before);
      const fresh = memoryStore(9);
      expect(fresh.apply(from(null, twice))).toMatchObject({ revisions: 5, duplicates: 5 });
    });

    test("gives the same log wherever the stream is cut", async () => {
      const source = await sourceWithHistory();
      const { bytes } = await wholeLog(source);
      const lines = linesIn(bytes);
      const { chain } = await source.head();
      const one = await open(identity(3));
      for (const line of lines) await one.apply(from(identity(2), batchOf(line)));
      expect(hex((await one.head()).chain)).toBe(hex(chain));
      expect(await one.quarantine()).toEqual([]);
      for (let cut = 1; cut < lines.length; cut++) {
        const target = memoryStore(9);
        // The second part overlaps the first.
        target.apply(from(identity(2), batchOf(...lines.slice(0, cut))));
        target.apply(from(identity(2), batchOf(...lines.slice(Math.max(0, cut - 2)))));
        expect(hex(target.head().chain)).toBe(hex(chain));
        expect(target.digest()).toBe(await source.digest());
      }
    });

    test("does not need the last newline, nor mind empty lines", async () => {
      const source = await sourceWithHistory();
      const target = await open(identity(1));
      const text = `\n\n${linesIn((await wholeLog(source)).bytes).join("\n\n")}`;
      expect(await target.apply(from(null, Buffer.from(text)))).toMatchObject({ revisions: 5 });
      expect(await target.apply(from(null, Buffer.from("\n")))).toMatchObject({ revisions: 0 });
    });

    test("knows a copied instance by a number used twice, and stores nothing then", async () => {
      const target = await open(identity(1));
      const peer = new Author(1);
      const writer = peer.actor as ActorId;
      const changeset = peer.changeset();
      const note = peer.create(NOTE, { name: "a" }, changeset);
      const twin = peer.create(OTHER, { name: "b" }, changeset, { seq: 1 });
      const third = peer.create(uuid(3), { name: "c" }, changeset);
      await expectNoEffect(target, "ACTOR_FORK", () =>
        target.apply({ ...from(identity(2), batchOf(changeset, note, third, twin)), writer }),
      );
      await target.apply(from(identity(2), batchOf(changeset, note)));
      const cursor = cursorOver(third, twin);
      const batch = { ...from(identity(2), batchOf(third, twin)), writer, cursor };
      await expectNoEffect(target, "ACTOR_FORK", () => target.apply(batch));
      expect(await target.cursor(identity(2).instance, "all")).toBeUndefined();
      await target.apply(from(identity(2), batchOf(third)));
      expect((await target.verify()).findings).toEqual([]);
    });

    test("keeps both of two records with one number, where the source is not who wrote them", async () => {
      const target = await open(identity(1));
      const peer = new Author(1);
      const changeset = peer.changeset();
      const note = peer.create(NOTE, { name: "a" }, changeset);
      const twin = peer.create(OTHER, { name: "b" }, changeset, { seq: 1 });
      const after = peer.set(note, { title: "t" }, changeset);
      await target.apply(from(identity(2), batchOf(changeset, note, after)));
      const outcome = await target.apply(from(identity(2), batchOf(changeset, twin)));
      expect(outcome).toMatchObject({ revisions: 1, refused: [] });
      expect(await target.counts()).toMatchObject({ revisions: 3, quarantined: 0 });
      expect((await target.verify()).findings).toEqual([]);
    });

    test("takes no bad record for a copied instance", async () => {
      const target = await open(identity(1));
      const peer = new Author(1);
      const changeset = peer.changeset();
      const bad = peer.create(NOTE, { name: "a" }, changeset, { bodyHash: "ab".repeat(32) });
      const good = peer.create(OTHER, { name: "b" }, changeset, { seq: 1 });
      const outcome = await target.apply(from(null, batchOf(changeset, bad, good)));
      expect(outcome.refused).toEqual([{ id: bad.id, code: "BODY_HASH_MISMATCH" }]);
      expect(outcome.revisions).toBe(1);
    });
  });

  describe("cursors", () => {
    const peer = identity(2).instance;
    const rung = (lsn: number, epoch: string = EPOCH): Rung => ({
      epoch,
      lsn,
      chain: lsn.toString(16).padStart(32, "0"),
    });
    const empty = new Uint8Array(0);

    test("move with their batch, per peer and scope", async () => {
      const target = await open(identity(1));
      const source = await sourceWithHistory();
      expect(await target.cursor(peer, "all")).toBeUndefined();
      const { bytes, to, chain } = await wholeLog(source);
      const after = { lsn: 0, chain: chainOver([]) };
      const cursor = { scope: "all", after, rung: { epoch: EPOCH, lsn: to, chain: hex(chain) } };
      await target.apply({ source: peer, bytes, cursor });
      expect(await target.cursor(peer, "all")).toEqual({
        peer,
        scope: "all",
        ladder: [cursor.rung],
      });
      expect(await target.cursor(peer, "other")).toBeUndefined();
      expect(await target.cursor(identity(3).instance, "all")).toBeUndefined();
      await target.apply({ source: null, bytes: empty, cursor: cursorAt("file", rung(1)) });
      expect(await target.cursor(peer, "file")).toBeUndefined();
    });

    test("leave a ladder of older rungs, at most so many, and none of another epoch", async () => {
      const target = await open(identity(1));
      for (let lsn = 10; lsn <= 600; lsn += 10) {
        await target.apply({ source: peer, bytes: empty, cursor: cursorAt("s", rung(lsn)) });
      }
      const ladder = (await target.cursor(peer, "s"))?.ladder ?? [];
      expect(ladder[0]).toEqual(rung(600));
      expect(ladder.length).toBeGreaterThan(4);
      expect(ladder.length).toBeLessThanOrEqual(LADDER_RUNGS_MAX);
      const back = cursorAt("s", rung(55));
      await target.apply({ source: peer, bytes: empty, cursor: back });
      const lsns = (await target.cursor(peer, "s"))?.ladder.map(({ lsn }) => lsn) ?? [];
      expect(lsns[0]).toBe(55);
      expect(Math.max(...lsns)).toBe(55);
      const other = uuid(99);
      const moved = cursorAt("s", rung(60, other));
      await target.apply({ source: peer, bytes: empty, cursor: moved });
      expect((await target.cursor(peer, "s"))?.ladder).toEqual([rung(60, other)]);
    });

    test("count the objects that came from a peer", async () => {
      const target = await open(identity(1));
      const source = await sourceWithHistory();
      await target.author(command(put(uuid<ObjectId>(7), { name: "own" })));
      await transfer(source, target);
      expect(await target.objectsReceived(peer, [[0, 6]])).toBe(2);
      expect(await target.objectsReceived(peer, [[4, 6]])).toBe(2);
      expect(await target.objectsReceived(peer, [[5, 6]])).toBe(1);
      expect(await target.objectsReceived(peer, [[4, 5]])).toBe(1);
      const apart = [1, 2, 3, 4, 5].map((after) => [after, after + 1] as const);
      expect(await target.objectsReceived(peer, apart)).toBe(2);
      expect(await target.objectsReceived(peer, [])).toBe(0);
      expect(await target.objectsReceived(identity(3).instance, [[0, 6]])).toBe(0);
      expect(await target.readPage(6, EVERYTHING)).toBeUndefined();
    });
  });
}
