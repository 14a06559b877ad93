/** Removals: what a stretch of a log does away with, and batches that may not remove so much. */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { Json } from "../../../src/base/json.ts";
import type { Change } from "../../../src/log/author.ts";
import { DEFAULT_POLICY } from "../../../src/merge/policy.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  command,
  EVERYTHING,
  expectNoEffect,
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

const NOTES = [1, 2, 3, 4].map((n) => uuid<ObjectId>(n));
const [KEPT, DELETED, PURGED, BACK] = NOTES as [ObjectId, ObjectId, ObjectId, ObjectId];

const deleteWins = { ...DEFAULT_POLICY, deletes: "delete-wins" } as unknown as Json;

async function withNotes(open: Open): Promise<Store> {
  const store = await open(identity(1));
  await store.author(command(...NOTES.map((id, n) => put(id, { name: `n${n}` }))));
  return store;
}

/** One is deleted, one purged, one deleted and brought back, one just edited. */
async function remove(store: Store): Promise<void> {
  await store.author(command(setField(DELETED, "title", "last words")));
  for (const object of [DELETED, BACK]) await store.author(command({ kind: "delete", object }));
  await store.author(command({ kind: "undelete", object: BACK }));
  await store.author(command({ kind: "purge", object: PURGED, reason: "asked for" }));
  await store.author(command(setField(KEPT, "title", "kept")));
}

async function since(store: Store, after: number): Promise<Uint8Array> {
  return (await store.readPage(after, EVERYTHING))?.bytes ?? new Uint8Array(0);
}

export function removing(open: Open): void {
  describe("removals", () => {
    test("are the objects that a stretch deletes or purges, and those that come back", async () => {
      const store = await withNotes(open);
      expect(await store.liveObjects()).toBe(4);
      const { lsn } = await store.head();
      await remove(store);
      expect(await store.liveObjects()).toBe(2);
      expect(await store.countRemovals(lsn)).toEqual({ removals: 2, passing: 1 });
      expect(await store.countRemovals((await store.head()).lsn)).toEqual({
        removals: 0,
        passing: 0,
      });
      const listed = await store.removals(lsn, 10);
      expect(listed.map(({ object }) => object)).toEqual([DELETED, PURGED]);
      const [first, ...others] = await store.removals(lsn, 1);
      expect(others).toEqual([]);
      expect(await store.removals(first?.lsn ?? 0, 10)).toEqual(listed.slice(1));
      expect(listed[1]).toMatchObject({ heads: [], others: [] });
    });

    test("would remove what is live and known at the source, and nothing else", async () => {
      const source = await withNotes(open);
      const target = memoryStore(2);
      const own = await open(identity(3));
      for (const one of [target, own]) await transfer(source, one);
      const { lsn } = await source.head();
      await remove(source);
      const listed = await source.removals(lsn, 10);
      expect(await own.wouldRemove(listed)).toBe(2);
      await own.author(command(setField(DELETED, "title", "still needed")));
      expect(await own.wouldRemove(listed)).toBe(1);
      await own.changePolicy({ author: "ana", message: "", policy: deleteWins });
      expect(await own.wouldRemove(listed)).toBe(2);
      expect(await (await open(identity(4))).wouldRemove(listed)).toBe(0);
      await transfer(source, target);
      expect(await target.wouldRemove(listed)).toBe(0);
    });

    test("of one that was edited and then deleted are known from the whole log, too", async () => {
      const source = await withNotes(open);
      const own = await open(identity(3));
      await transfer(source, own);
      await remove(source);
      expect(await own.wouldRemove(await source.removals(0, 10))).toBe(2);
    });

    test("are counted by each batch, with what comes back", async () => {
      const source = memoryStore(9);
      source.author(command(...NOTES.map((id, n) => put(id, { name: `n${n}` }))));
      const target = await open(identity(1));
      await transfer(source, target);
      source.author(command(...NOTES.map((object) => ({ kind: "delete", object }) as const)));
      const all = from(source.identity(), (await wholeLog(source)).bytes);
      expect(await target.apply(all)).toMatchObject({ removed: 4, restored: 0 });
      const { lsn } = source.head();
      source.author(command({ kind: "undelete", object: KEPT }));
      source.author(command({ kind: "purge", object: PURGED, reason: "" }));
      const rest = from(source.identity(), await since(source, lsn));
      expect(await target.apply(rest)).toMatchObject({ removed: 0, restored: 1 });
    });

    test("do not count less because something else comes back that was gone before", async () => {
      const source = memoryStore(9);
      source.author(command(...NOTES.map((id, n) => put(id, { name: `n${n}` }))));
      source.author(command({ kind: "delete", object: DELETED }));
      const target = await open(identity(1));
      await transfer(source, target);
      const before = (await target.head()).lsn;
      const removals = { max: 1, before: 0, since: before, hint: "look first" };
      const next = async (change: Change): Promise<unknown> => {
        const { lsn } = source.head();
        source.author(command(change));
        const { removed, restored } = await target.apply({
          ...from(source.identity(), await since(source, lsn)),
          removals,
        });
        return { removed, restored };
      };
      expect(await next({ kind: "undelete", object: DELETED })).toEqual({
        removed: 0,
        restored: 0,
      });
      expect(await next({ kind: "delete", object: KEPT })).toEqual({ removed: 1, restored: 0 });
      expect(await next({ kind: "undelete", object: KEPT })).toEqual({ removed: 0, restored: 1 });
    });

    test("by a policy of a peer are counted, and nothing of it is kept over what may go", async () => {
      const source = await withNotes(async () => memoryStore(9));
      const target = await open(identity(2));
      await transfer(source, target);
      const removed = NOTES.slice(1).map((object) => ({ kind: "delete", object }) as const);
      await source.author(command(...removed));
      await target.author(command(...removed.map(({ object }) => setField(object, "title", "x"))));
      await transfer(source, target);
      expect(await target.liveObjects()).toBe(4);
      const before = (await target.policies()).inForce.frontier;
      await source.changePolicy({ author: "ana", message: "", policy: deleteWins });
      const { records, inForce } = await source.policies();
      const offer = { peer: (await source.identity()).instance, records };
      await expectNoEffect(target, "REMOVALS_HELD", () =>
        target.takePolicies({ ...offer, removals: { max: 3, before: 1, hint: "look first" } }),
      );
      expect((await target.peer(offer.peer))?.judged ?? null).toBeNull();
      const removals = { max: 4, before: 1, hint: "look first" };
      const taken = { before, after: inForce.frontier, removed: 3, restored: 0 };
      expect(await target.takePolicies({ ...offer, removals })).toEqual({ match: "newer", taken });
      expect(await target.liveObjects()).toBe(1);
      expect(await target.takePolicies(offer)).toEqual({ match: "known", taken: null });
    });

    test("over what a batch may remove, nothing of it is stored", async () => {
      const source = memoryStore(9);
      source.author(command(...NOTES.map((id, n) => put(id, { name: `n${n}` }))));
      const target = await open(identity(1));
      await transfer(source, target);
      source.author(command({ kind: "delete", object: DELETED }));
      source.author(command({ kind: "purge", object: PURGED, reason: "" }));
      const { bytes } = await wholeLog(source);
      const removals = (max: number, before = 0) => ({ max, before, hint: "look first" });
      const batch = (allowed: ReturnType<typeof removals>) => ({
        ...from(source.identity(), bytes),
        removals: allowed,
      });
      const error = await expectNoEffect(target, "REMOVALS_HELD", () =>
        target.apply(batch(removals(1))),
      );
      expect(error.message).toContain("2 live objects");
      await expectNoEffect(target, "REMOVALS_HELD", () => target.apply(batch(removals(5, 4))));
      expect(await target.apply(batch(removals(2)))).toMatchObject({ removed: 2, purges: 1 });
    });

    test("do not count for objects that came after a position, nor does what brings these back", async () => {
      const source = await withNotes(async () => memoryStore(9));
      const target = await open(identity(1));
      await transfer(source, target);
      const since = (await target.head()).lsn;
      const [late, later] = [5, 6].map((n) => uuid<ObjectId>(n)) as [ObjectId, ObjectId];
      const next = async (...changes: readonly Change[]) => {
        const { lsn } = await source.head();
        await source.author(command(...changes));
        const bytes = (await source.readPage(lsn, EVERYTHING))?.bytes ?? new Uint8Array(0);
        const removals = { max: 0, before: 0, since, hint: "look first" };
        return { ...from(await source.identity(), bytes), removals };
      };
      const gone = (object: ObjectId) => ({ kind: "delete", object }) as const;
      await target.apply(
        await next(...[late, later].map((id, n) => put(id, { name: `late${n}` }))),
      );
      const went = await next(gone(late), { kind: "purge", object: later, reason: "" });
      expect(await target.apply(went)).toMatchObject({ removed: 0, purges: 1 });
      const both = await next({ kind: "undelete", object: late }, gone(DELETED));
      await expectNoEffect(target, "REMOVALS_HELD", () => target.apply(both));
      const { removals: _, ...allowed } = both;
      expect(await target.apply(allowed)).toMatchObject({ removed: 1, restored: 1 });
    });
  });
}
