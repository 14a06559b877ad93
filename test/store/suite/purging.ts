/** Purge and shun: an object goes for good, and nothing that arrives later brings it back. */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  command,
  expectError,
  from,
  identity,
  memoryStore,
  put,
  setField,
  transfer,
  wholeLog,
} from "../helpers.ts";
import { uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);
const OTHER = uuid<ObjectId>(2);
const SECRET = "ten thousand lakes";

const purge = { kind: "purge", object: NOTE, reason: "asked by its owner" } as const;

async function withNote(open: Open): Promise<Store> {
  const store = await open(identity(1));
  await store.author(command(put(NOTE, { name: "a", notes: SECRET })));
  await store.author(command(setField(NOTE, "notes", `${SECRET}!`)));
  await store.author(command(put(OTHER, { name: "b" })));
  return store;
}

export function purging(open: Open): void {
  describe("purge", () => {
    test("is refused when a batch says so, waits, and can be taken later; an own one is not", async () => {
      const store = await withNote(open);
      const before = (await wholeLog(store)).bytes.slice();
      await store.author(command(purge));
      const line = Buffer.from(`${(await store.purges(0))[0]}\n`);
      const refusing = { source: identity(9).instance, cursor: null, refusesPurges: true };
      const [other, restored] = [await open(identity(2)), await open(identity(1))];
      for (const one of [other, restored]) {
        await one.apply({ source: null, bytes: before.slice(), cursor: null });
      }
      const outcome = await other.apply({ ...refusing, bytes: Buffer.from(line) });
      expect(outcome).toMatchObject({ purges: 0, refused: [{ code: "PURGE_REFUSED" }] });
      expect((await other.object(NOTE))?.name).toBe("a");
      expect(await other.counts()).toMatchObject({ quarantined: 1, refusedPurges: 1, purged: 0 });
      expect((await other.verify()).findings).toEqual([]);
      const { refusesPurges: _, ...taking } = refusing;
      await other.apply({ ...taking, bytes: Buffer.from(line) });
      expect(await other.counts()).toMatchObject({ quarantined: 0, refusedPurges: 0, purged: 1 });
      expect(await restored.apply({ ...refusing, bytes: line })).toMatchObject({ purges: 1 });
    });

    test("removes an object and leaves its revisions as stubs", async () => {
      const store = await withNote(open);
      const before = [1, 2, 3].map((lsn) => store.chainAt(lsn));
      const outcome = await store.author(command(purge));
      expect(outcome).toMatchObject({ changeset: null, purges: [{ object: NOTE }] });
      expect(await store.object(NOTE)).toBeUndefined();
      expect(await store.head()).toMatchObject({ lsn: 4 });
      expect([1, 2, 3].map((lsn) => store.chainAt(lsn))).toEqual(before);
      const entries = await store.entries({ limit: 10 });
      expect(entries.map(({ lsn, kind }) => [lsn, kind])).toEqual([
        [3, "revision"],
        [4, "purge"],
      ]);
      expect(Buffer.from((await wholeLog(store)).bytes).includes(SECRET)).toBe(false);
      expect(await store.counts()).toMatchObject({ objects: { note: 1 }, purged: 1 });
      expect(await store.purges(0)).toHaveLength(1);
      expect(await store.purges(4)).toEqual([]);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("reaches a peer, and an edit made there meanwhile does not bring the object back", async () => {
      const store = await withNote(open);
      const peer = memoryStore(2);
      await transfer(store, peer);
      peer.author(command(setField(NOTE, "title", "edited")));
      await store.author(command(purge));
      await transfer(store, peer);
      expect(peer.object(NOTE)).toBeUndefined();
      const { bytes } = await wholeLog(peer);
      const outcome = await store.apply(from(identity(2), bytes));
      expect(outcome).toMatchObject({ revisions: 0, refused: [] });
      expect(await store.object(NOTE)).toBeUndefined();
      expect(await store.digest()).toBe(peer.digest());
      expect(peer.verify().findings).toEqual([]);
    });

    test("discards what comes for the object later, and counts it", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      peer.author(command(put(NOTE, { name: "a" })));
      peer.author(command(setField(NOTE, "title", "x")));
      const { bytes: work } = await wholeLog(peer);
      peer.author(command(purge));
      const [record] = peer.purges(0);
      // Of an object that is not known here, too.
      await store.apply(from(identity(2), Buffer.from(`${record}\n`)));
      expect(await store.counts()).toMatchObject({ purged: 1, revisions: 1 });
      const outcome = await store.apply(from(identity(2), work));
      expect(outcome).toMatchObject({ revisions: 0, discarded: 2, refused: [] });
      expect(await store.object(NOTE)).toBeUndefined();
      expect(await store.digest()).toBe(peer.digest());
      expect((await store.verify()).findings).toEqual([]);
    });

    test("leaves no refused record of the object, whether they come together or later", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      peer.author(command(put(NOTE, { name: "a" })));
      peer.author(command(setField(NOTE, "notes", SECRET)));
      const [, , , edit] = Buffer.from((await wholeLog(peer)).bytes)
        .toString()
        .split("\n");
      peer.author(command(purge));
      const record = peer.purges(0)[0];
      // The edit comes without its creation, so it is refused.
      const bytes = Buffer.from(`${edit}\n${record}\n`);
      const outcome = await store.apply(from(identity(2), bytes));
      expect(outcome).toMatchObject({ purges: 1, discarded: 1, refused: [] });
      expect(await store.quarantine()).toEqual([]);
      const malformed = Buffer.from(`${edit?.replace('"v":1', '"v":"one"')}\n`);
      await store.apply(from(identity(2), malformed));
      expect(await store.quarantine()).toEqual([]);
    });

    test("an object that is gone can be neither edited nor created again", async () => {
      const store = await withNote(open);
      await store.author(command(purge));
      for (const change of [put(NOTE, { name: "a" }), setField(NOTE, "title", "x"), purge]) {
        await expectError(() => store.author(command(change)), "OBJECT_PURGED");
      }
    });

    test("two purges of one object are both kept", async () => {
      const store = await withNote(open);
      const peer = memoryStore(2);
      await transfer(store, peer);
      await store.author(command(purge));
      peer.author(command(purge));
      await transfer(peer, store);
      await transfer(store, peer);
      expect(await store.purges(0)).toHaveLength(2);
      expect(await store.digest()).toBe(peer.digest());
      expect((await store.verify()).findings).toEqual([]);
    });

    test("a shun removes here only", async () => {
      const store = await withNote(open);
      const peer = memoryStore(2);
      await transfer(store, peer);
      const outcome = await store.author(command({ kind: "shun", object: NOTE }));
      expect(outcome).toMatchObject({ shunned: [NOTE] });
      expect(await store.object(NOTE)).toBeUndefined();
      expect(await store.purges(0)).toEqual([]);
      expect(Buffer.from((await wholeLog(store)).bytes).includes(SECRET)).toBe(false);
      await transfer(store, peer);
      expect(peer.object(NOTE)).toBeDefined();
      peer.author(command(setField(NOTE, "title", "x")));
      await transfer(peer, store);
      expect(await store.object(NOTE)).toBeUndefined();
      expect(await store.counts()).toMatchObject({ shunned: 1, purged: 0 });
      expect((await store.verify()).findings).toEqual([]);
    });

    test("a shunned object can still be purged, and nothing else", async () => {
      const store = await withNote(open);
      const peer = memoryStore(2);
      await transfer(store, peer);
      await store.author(command({ kind: "shun", object: NOTE }));
      const edit = setField(NOTE, "title", "x");
      const error = await expectError(() => store.author(command(edit)), "OBJECT_PURGED");
      expect(error.message).toBe(`object ${NOTE} was shunned here`);
      expect(await store.author(command(purge))).toMatchObject({ purges: [{ object: NOTE }] });
      expect(await store.counts()).toMatchObject({ shunned: 0, purged: 1 });
      await transfer(store, peer);
      expect(peer.object(NOTE)).toBeUndefined();
      await expectError(() => store.author(command(purge)), "OBJECT_PURGED");
      expect((await store.verify()).findings).toEqual([]);
    });
  });
}
