/**
 * What happens to an object with several heads: readers see their merge, its conflicts are in the
 * log, and whoever edits goes on from the merge.
 */
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../../src/base/canonical.ts";
import type { ObjectId, RevisionId } from "../../../src/base/ids.ts";
import type { MemoryStore } from "../../../src/store/memory/memory-store.ts";
import type { ObjectRow } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import { command, from, identity, memoryStore, put, setField, transfer } from "../helpers.ts";
import { Author, batchOf, type Made, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);

async function newestOf(store: Store): Promise<RevisionId> {
  const [entry] = await store.entries({ limit: 1, reverse: true });
  return entry?.id as RevisionId;
}

/** A merge's id is no random or time-ordered one. */
const DERIVED = /^[0-9a-f]{8}-[0-9a-f]{4}-8/;

/** Both sides edit one object that both have, then hear of the other's edit. */
async function bothEdited(
  open: Open,
  mine: Record<string, string>,
  yours: Record<string, string>,
): Promise<{ store: Store; peer: MemoryStore }> {
  const store = await open(identity(1));
  const peer = memoryStore(2);
  await store.author(command(put(NOTE, { name: "a" })));
  await transfer(store, peer);
  for (const [field, value] of Object.entries(mine)) {
    await store.author(command(setField(NOTE, field, value)));
  }
  for (const [field, value] of Object.entries(yours)) {
    peer.author(command(setField(NOTE, field, value)));
  }
  await transfer(peer, store);
  await transfer(store, peer);
  return { store, peer };
}

export function diverging(open: Open): void {
  describe("two heads", () => {
    test("the merge of two edits is the same revision on both sides", async () => {
      const { store, peer } = await bothEdited(open, { title: "mine" }, { notes: "yours" });
      const [here, there] = [await store.object(NOTE), peer.object(NOTE)];
      expect(here?.text).toBe('{"name":"a","notes":"yours","title":"mine"}');
      expect(here?.heads).toHaveLength(2);
      expect(here?.revision).toMatch(DERIVED);
      const { revision, heads, text, bodyHash } = here as ObjectRow;
      expect(there).toMatchObject({ revision, heads, text, bodyHash });
      expect(await store.digest()).toBe(peer.digest());
      expect(await store.counts()).toMatchObject({ diverged: 1, openConflicts: 0 });
      expect((await store.verify()).findings).toEqual([]);
    });

    test("what is saved over a merge has both heads as parents, and ends the divergence", async () => {
      const { store, peer } = await bothEdited(open, { title: "mine" }, { notes: "yours" });
      const { heads } = (await store.object(NOTE)) as ObjectRow;
      await store.author(command(setField(NOTE, "title", "after")));
      const next = await newestOf(store);
      const entry = await store.entry(next);
      expect(JSON.parse(entry?.text as string)).toMatchObject({ parents: heads });
      await transfer(store, peer);
      for (const row of [await store.object(NOTE), peer.object(NOTE)]) {
        const text = '{"name":"a","notes":"yours","title":"after"}';
        expect(row).toMatchObject({ revision: next, heads: [next], text });
      }
      expect((await store.verify()).findings).toEqual([]);
      expect(peer.verify().findings).toEqual([]);
    });

    test("a conflict is recorded, and stays open when somebody saves something else", async () => {
      const { store, peer } = await bothEdited(open, { title: "mine" }, { title: "yours" });
      const chosen = JSON.parse((await store.object(NOTE))?.text as string).title as string;
      expect(["mine", "yours"]).toContain(chosen);
      expect((await store.counts()).openConflicts).toBe(1);
      await store.author(command(setField(NOTE, "url", "x")));
      const record = JSON.parse((await store.entry(await newestOf(store)))?.text as string);
      expect(record.pins).toMatchObject([{ path: "/title", value: chosen }]);
      await transfer(store, peer);
      expect((await store.counts()).openConflicts).toBe(1);
      expect(peer.counts().openConflicts).toBe(1);
      expect(await store.digest()).toBe(peer.digest());
      expect((await store.verify()).findings).toEqual([]);
    });

    test("an object made in two places is one object", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      await store.author(command(put(NOTE, { name: "a", here: "1" })));
      peer.author(command(put(NOTE, { name: "a", there: "2" })));
      await transfer(peer, store);
      await transfer(store, peer);
      const { heads, text } = (await store.object(NOTE)) as ObjectRow;
      expect(heads).toHaveLength(2);
      expect(text).toBe('{"here":"1","name":"a","there":"2"}');
      expect(await store.digest()).toBe(peer.digest());
      expect((await store.verify()).findings).toEqual([]);
    });

    test("a deletion beside an edit does not hide it", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      await store.author(command(put(NOTE, { name: "a" })));
      await transfer(store, peer);
      await store.author(command({ kind: "delete", object: NOTE }));
      peer.author(command(setField(NOTE, "title", "kept")));
      await transfer(peer, store);
      expect(await store.object(NOTE)).toMatchObject({ deleted: false });
      expect((await store.counts()).openConflicts).toBe(1);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("content at every revision of a long, branched history", async () => {
      const store = await open(identity(1));
      const ana = new Author(1);
      const changeset = ana.changeset();
      const root = ana.create(NOTE, { name: "a", n: 0 }, changeset);
      const lines: Made[][] = [[root], [root], [root]];
      for (let i = 1; i <= 150; i++) {
        for (const [at, line] of lines.entries()) {
          if (at === 2 && i > 70) continue;
          line.push(ana.set(line.at(-1) as Made, { n: i * 10 + at }, changeset));
        }
      }
      // A branch that starts in the middle of another one's snapshots.
      const middle = lines[1]?.[100] as Made;
      const late = ana.set(middle, { title: "late" }, changeset);
      const all = [...new Set(lines.flat()), late];
      for (let i = 0; i < all.length; i += 90) {
        await store.apply(from(null, batchOf(changeset, ...all.slice(i, i + 90))));
      }
      expect((await store.counts()).revisions).toBe(all.length);
      for (const made of all) {
        expect(await store.contentTextAt(made.id)).toBe(canonicalize(made.content));
      }
      const heads = [...lines.map((line) => line.at(-1)?.id as RevisionId), late.id].sort();
      expect(await store.object(NOTE)).toMatchObject({ heads });
      expect((await store.verify()).findings).toEqual([]);
    });
  });
}
