/**
 * What becomes of records that bear an instance's own actor: lost ones come back after a restore, in
 * any order, and a new epoch begins, so that no number is used twice; forged ones do no harm.
 */
import { describe, expect, test } from "vitest";
import type { InstanceId, ObjectId } from "../../../src/base/ids.ts";
import type { Identity } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import { command, from, identity, put } from "../helpers.ts";
import { Author, batchOf, EPOCH, type Made, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

/** Someone whose records are made by hand, and the instance that would have made them. */
function someone(): { ana: Author; own: Identity; changeset: Made; line: Made[] } {
  const ana = new Author(1);
  const own = { instance: ana.instance as InstanceId, name: "own", epoch: EPOCH };
  const changeset = ana.changeset();
  const line = [ana.create(uuid<ObjectId>(1), { name: "a" }, changeset)];
  for (let n = 2; n <= 6; n++)
    line.push(ana.create(uuid<ObjectId>(n), { name: `${n}` }, changeset));
  return { ana, own, changeset, line };
}

/** The numbers that the own actor has used, in log order. */
async function numbers(store: Store): Promise<number[]> {
  const entries = await store.entries({ limit: 100 });
  return entries.map(({ text }) => JSON.parse(text).seq);
}

async function authorOne(store: Store, n: number): Promise<void> {
  await store.author(command(put(uuid<ObjectId>(n), { name: `authored-${n}` })));
}

/** The own epoch, which changes with the first record that shows that something was lost. */
async function epochOf(store: Store): Promise<string> {
  return (await store.identity()).epoch;
}

export function returning(open: Open): void {
  describe("records of the own actor", () => {
    test("come back after a restore, and a new epoch begins", async () => {
      const { own, changeset, line } = someone();
      const store = await open(own);
      await store.apply(from(identity(2), batchOf(changeset, ...line.slice(0, 2))));
      const epoch = await epochOf(store);
      expect(epoch).not.toBe(EPOCH);
      expect(await store.continuity()).toMatchObject({
        former: [{ instance: own.instance, epoch: EPOCH, reason: "peer" }],
        doubt: { heard: [], tried: false },
      });
      await store.apply(from(identity(2), batchOf(changeset, ...line)));
      expect(await epochOf(store)).toBe(epoch);
      await authorOne(store, 77);
      expect(await numbers(store)).toEqual([1, 2, 3, 4, 5, 6, 1]);
    });

    test("come back in any order, in one batch or several", async () => {
      const { own, changeset, line } = someone();
      const [a, b, c, d, e, f] = line as [Made, Made, Made, Made, Made, Made];
      const store = await open(own);
      await store.apply(from(null, batchOf(f, changeset, c, b)));
      await store.apply(from(null, batchOf(e, a)));
      await store.apply(from(null, batchOf(d)));
      expect((await numbers(store)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
      expect((await store.counts()).quarantined).toBe(0);
      await authorOne(store, 77);
      expect((await numbers(store)).at(-1)).toBe(1);
    });

    test("that are gone by now begin an epoch too", async () => {
      const { own, ana, changeset, line } = someone();
      const [a] = line as [Made];
      const store = await open(own);
      const other = `${own.instance}/${uuid(5)}`;
      const purge = `{"actor":"${other}","hlc":1,"id":"${uuid(0x99)}","object":"${a.record.object}","reason":"","seq":9,"v":1}`;
      await store.apply(from(identity(2), Buffer.from(`${purge}\n`)));
      expect(await epochOf(store)).toBe(EPOCH);
      const outcome = await store.apply(from(identity(2), batchOf(changeset, a)));
      expect(outcome).toMatchObject({ discarded: 1, revisions: 0, refused: [] });
      expect(await epochOf(store)).not.toBe(EPOCH);
      expect(ana.actor).toBe(`${own.instance}/${EPOCH}`);
    });

    test.each([
      ["the last of numbers", Number.MAX_SAFE_INTEGER],
      ["the next number", 3],
      ["a number that is used", 1],
    ])("with %s, which nobody gave them, are kept, and the own go on anew", async (_what, seq) => {
      const { ana, own, changeset } = someone();
      const store = await open(own);
      await authorOne(store, 71);
      await authorOne(store, 72);
      const forged = ana.create(uuid<ObjectId>(9), { name: "forged" }, changeset, { seq });
      const outcome = await store.apply(from(identity(2), batchOf(changeset, forged)));
      expect(outcome).toMatchObject({ revisions: 1, refused: [] });
      await authorOne(store, 73);
      await authorOne(store, 74);
      expect(await numbers(store)).toEqual([1, 2, seq, 1, 2]);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("that are known are no reason for doubt", async () => {
      const { own, changeset, line } = someone();
      const store = await open(own);
      await store.apply(from(identity(2), batchOf(changeset, ...line)));
      const epoch = await epochOf(store);
      await authorOne(store, 71);
      const page = await store.readPage(0, { revisions: 9, bytes: 99_999 });
      await store.apply(from(identity(2), page?.bytes as Uint8Array));
      expect(await epochOf(store)).toBe(epoch);
    });

    test("in another epoch are another actor's", async () => {
      const { own, changeset, line } = someone();
      const store = await open({ ...own, epoch: uuid(5) });
      const last = line.at(-1) as Made;
      const outcome = await store.apply(from(null, batchOf(changeset, last)));
      expect(outcome).toMatchObject({ revisions: 1, refused: [] });
      expect(await epochOf(store)).toBe(uuid(5));
      await authorOne(store, 77);
      expect(await numbers(store)).toEqual([6, 1]);
    });
  });
}
