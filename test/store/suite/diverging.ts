/**
 * What happens to an object with several heads: nothing is lost, the head that was served stays
 * served, and whoever edits goes on from what was served.
 */
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../../src/base/canonical.ts";
import type { ObjectId, RevisionId } from "../../../src/base/ids.ts";
import type { Store } from "../../../src/store/store.ts";
import { command, from, identity, memoryStore, put, setField, transfer } from "../helpers.ts";
import { Author, batchOf, type Made, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);

async function newestOf(store: Store): Promise<RevisionId> {
  const [entry] = await store.entries({ limit: 1, reverse: true });
  return entry?.id as RevisionId;
}

export function diverging(open: Open): void {
  describe("two heads", () => {
    test("a local edit stays served when a concurrent one arrives", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      await store.author(command(put(NOTE, { name: "a" })));
      await transfer(store, peer);
      await store.author(command(setField(NOTE, "title", "mine")));
      const mine = await newestOf(store);
      peer.author(command(setField(NOTE, "title", "yours")));
      const yours = await newestOf(peer);
      await transfer(peer, store);

      const row = await store.object(NOTE);
      expect(row).toMatchObject({ revision: mine, heads: [mine, yours].sort(), lsn: 3 });
      expect(row?.text).toBe('{"name":"a","title":"mine"}');
      expect((await store.counts()).diverged).toBe(1);
      expect(await store.contentTextAt(yours)).toBe('{"name":"a","title":"yours"}');

      await store.author(command(setField(NOTE, "title", "mine again")));
      const next = await newestOf(store);
      expect(await store.object(NOTE)).toMatchObject({
        ...{ revision: next, heads: [next, yours].sort(), name: "a" },
      });
      const entry = await store.entry(next);
      expect(JSON.parse(entry?.text as string)).toMatchObject({ parents: [mine] });
      expect((await store.verify()).findings).toEqual([]);
    });

    test("the other line of work goes on beside the served one", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      await store.author(command(put(NOTE, { name: "a" })));
      await transfer(store, peer);
      await store.author(command(setField(NOTE, "title", "mine")));
      const mine = await newestOf(store);
      for (let i = 0; i < 5; i++) {
        peer.author(command(setField(NOTE, "title", `yours ${i}`)));
        await transfer(peer, store);
      }
      const yours = await newestOf(peer);
      expect(await store.object(NOTE)).toMatchObject({
        revision: mine,
        heads: [mine, yours].sort(),
      });
      // Whoever has only the other line serves that.
      await transfer(store, peer);
      expect(peer.object(NOTE)).toMatchObject({ revision: yours, heads: [mine, yours].sort() });
      expect((await store.verify()).findings).toEqual([]);
    });

    test("an object made in two places keeps the creation that was here", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      await store.author(command(put(NOTE, { name: "a", from: "here" })));
      const mine = await newestOf(store);
      peer.author(command(put(NOTE, { name: "a", from: "there" })));
      const yours = await newestOf(peer);
      await transfer(peer, store);
      expect(await store.object(NOTE)).toMatchObject({
        ...{ revision: mine, heads: [mine, yours].sort(), text: '{"from":"here","name":"a"}' },
      });
      expect((await store.counts()).diverged).toBe(1);
      peer.author(command({ kind: "delete", object: NOTE }));
      await transfer(peer, store);
      expect(await store.object(NOTE)).toMatchObject({ revision: mine, deleted: false });
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
