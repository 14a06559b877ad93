/**
 * What becomes of records that bear an instance's own actor: lost ones come back after a restore, in
 * any order, and no number is used twice; a forged one can neither stop nor drive the own numbers.
 */
import { describe, expect, test } from "vitest";
import type { InstanceId, ObjectId } from "../../../src/base/ids.ts";
import type { Identity } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import { command, expectNoEffect, from, identity, put } from "../helpers.ts";
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

export function returning(open: Open): void {
  describe("records of the own actor", () => {
    test("come back after a restore, and the next number follows them", async () => {
      const { own, changeset, line } = someone();
      const store = await open(own);
      await store.apply(from(identity(2), batchOf(changeset, ...line.slice(0, 2))));
      await store.apply(from(identity(2), batchOf(changeset, ...line)));
      await authorOne(store, 77);
      expect(await numbers(store)).toEqual([1, 2, 3, 4, 5, 6, 7]);
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
      expect((await numbers(store)).at(-1)).toBe(7);
    });

    test("that are gone by now count as used", async () => {
      const { own, ana, changeset, line } = someone();
      const [a, b] = line as [Made, Made];
      const store = await open(own);
      const purge = `{"actor":"${ana.actor}","hlc":1,"id":"${uuid(0x99)}","object":"${a.record.object}","reason":"","seq":9,"v":1}`;
      await store.apply(from(identity(2), Buffer.from(`${purge}\n`)));
      expect(await store.apply(from(identity(2), batchOf(changeset, a, b)))).toMatchObject({
        ...{ discarded: 1, revisions: 1, refused: [] },
      });
      await authorOne(store, 77);
      expect((await numbers(store)).at(-1)).toBe(10);
    });

    test.each([
      ["the last of numbers", Number.MAX_SAFE_INTEGER],
      ["a number far ahead", 1_000_003],
    ])("with %s are refused, and the own numbers go on", async (_what, seq) => {
      const { ana, own, changeset } = someone();
      const store = await open(own);
      await authorOne(store, 71);
      await authorOne(store, 72);
      const forged = ana.create(uuid<ObjectId>(9), { name: "forged" }, changeset, { seq });
      const outcome = await store.apply(from(identity(2), batchOf(changeset, forged)));
      expect(outcome).toMatchObject({ revisions: 0, refused: [{ code: "SEQUENCE_AHEAD" }] });
      expect((await store.quarantine()).map(({ id }) => id)).toEqual([forged.id]);
      await authorOne(store, 73);
      expect(await numbers(store)).toEqual([1, 2, 3]);
    });

    test("with the next number are taken, and the number is used", async () => {
      const { ana, own, changeset } = someone();
      const store = await open(own);
      await authorOne(store, 71);
      const forged = ana.create(uuid<ObjectId>(9), { name: "forged" }, changeset, { seq: 2 });
      await store.apply(from(identity(2), batchOf(changeset, forged)));
      await authorOne(store, 72);
      expect(await numbers(store)).toEqual([1, 2, 3]);
    });

    test("with a number that is used are a fork, and authoring goes on", async () => {
      const { ana, own, changeset } = someone();
      const store = await open(own);
      await authorOne(store, 71);
      const forged = ana.create(uuid<ObjectId>(9), { name: "forged" }, changeset, { seq: 1 });
      const batch = from(identity(2), batchOf(changeset, forged));
      await expectNoEffect(store, "ACTOR_FORK", () => store.apply(batch));
      await authorOne(store, 72);
      expect(await numbers(store)).toEqual([1, 2]);
    });

    test("in another epoch are another actor's", async () => {
      const { own, changeset, line } = someone();
      const store = await open({ ...own, epoch: uuid(5) });
      const last = line.at(-1) as Made;
      const outcome = await store.apply(from(null, batchOf(changeset, last)));
      expect(outcome).toMatchObject({ revisions: 1, refused: [] });
      await authorOne(store, 77);
      expect(await numbers(store)).toEqual([6, 1]);
    });
  });
}
