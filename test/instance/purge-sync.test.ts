// Proves that what was purged stays gone, with real instances that sync over sockets: whichever side
// purges, whichever way the link goes, and whoever was away, restored from a backup, or new.
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { openInstance } from "../../src/instance/open-instance.ts";
import type { Direction } from "../../src/store/rows.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { all, newInstance } from "./instances.ts";
import { expectEqual, link, sync } from "./served.ts";
import { ann, bob } from "./two-sides.ts";

const REF = "package/stops";
const REASON = { reason: "asked by its owner" };

interface Sides {
  /** Where the objects were made. */
  readonly a: Instance;
  /** Has a link to it. */
  readonly b: Instance;
  /** The object that will be purged. */
  readonly id: ObjectId;
}

/** Two instances that hold the same two packages. */
async function linked(direction: Direction): Promise<Sides> {
  const { instance: a } = await newInstance("A");
  const { instance: b } = await newInstance("B");
  await a.create("package", { name: "stops", notes: "secret" }, ann);
  await a.create("package", { name: "parks" }, ann);
  await link(b, a, direction);
  await sync(b);
  return { a, b, id: (await a.get(REF)).id };
}

/** That an object is gone, with what it said, and that everything else is there. */
async function expectGone(instance: Instance, id: ObjectId): Promise<void> {
  await expect(instance.get(id)).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
  expect((await all(instance.revisionsSince())).join()).not.toContain("secret");
  expect((await instance.search({ text: "secret", limit: 1 })).total).toBe(0);
  expect((await instance.status()).objects).toEqual({ package: 1 });
  expect((await instance.verify()).findings).toEqual([]);
}

/** The instance as a backup has it, in a folder of its own. */
async function restored(backup: string): Promise<Instance> {
  const instance = await openInstance(backup, { threads: "none" });
  onTestFinished(() => instance.close());
  return instance;
}

test.each(["pull", "both"] as const)("purged at A, it goes from B (%s)", async (direction) => {
  const { a, b, id } = await linked(direction);
  await a.purge(REF, REASON, ann);
  expect((await sync(b)).received).toMatchObject({ purges: 1, revisions: 0 });
  for (const side of [a, b]) await expectGone(side, id);
  await expectEqual(a, b);
});

test("purged at B, which follows A: A keeps it, and B never gets it back", async () => {
  const { a, b, id } = await linked("pull");
  await b.purge(REF, REASON, bob);
  const before = await a.status();
  expect((await sync(b)).received).toMatchObject({ revisions: 0, purges: 0 });
  await a.set(REF, { title: "Edited since", notes: "secret" }, ann);
  await a.set("package/parks", { title: "Parks" }, ann);
  await sync(b);
  await expectGone(b, id);
  expect((await b.get("package/parks")).document).toMatchObject({ title: "Parks" });
  expect(await a.get(REF)).toMatchObject({ id, document: { title: "Edited since" } });
  expect(await a.status()).toMatchObject({ purged: 0, objects: before.objects });
});

test("purged at B, with a link both ways: it goes from A", async () => {
  const { a, b, id } = await linked("both");
  await b.purge(REF, REASON, bob);
  expect((await sync(b)).sent).toMatchObject({ purges: 1 });
  for (const side of [a, b]) await expectGone(side, id);
  await expectEqual(a, b);
});

test.each(["pull", "both"] as const)("purged on both sides (%s)", async (direction) => {
  const { a, b, id } = await linked(direction);
  await a.purge(REF, REASON, ann);
  await b.purge(REF, { reason: "no longer true" }, bob);
  await sync(b);
  for (const side of [a, b]) await expectGone(side, id);
  await expectEqual(a, b);
  expect(await sync(b)).toMatchObject({ received: { purges: 0 }, sent: { purges: 0 } });
});

test("a peer that was away comes back with edits, and does not bring it back", async () => {
  const { a, b, id } = await linked("both");
  await b.set(REF, { title: "Meanwhile", notes: "secret, still" }, bob);
  await b.delete(REF, bob);
  await b.undelete(REF, bob);
  await a.purge(REF, REASON, ann);
  await sync(b);
  for (const side of [a, b]) await expectGone(side, id);
  await expectEqual(a, b);
  await sync(b);
  await expectGone(a, id);
});

test("a late joiner never gets it, from either of the others", async () => {
  const { a, b, id } = await linked("both");
  await a.purge(REF, REASON, ann);
  await sync(b);
  for (const side of [a, b]) {
    const { instance: late } = await newInstance("late");
    await link(late, side, "both");
    await sync(late);
    await expectGone(late, id);
    await expectEqual(side, late);
    await expectGone(side, id);
  }
});

test("a follower restored to a time before the purge gets the purge again", async () => {
  const { a, b, id } = await linked("pull");
  const folder = `${join(temporaryFolder({}), "restored")}/`;
  await b.backup(folder);
  await a.purge(REF, REASON, ann);
  await sync(b);
  await b.close();
  const again = await restored(folder);
  expect(await again.get(REF)).toMatchObject({ id });
  expect((await sync(again)).received).toMatchObject({ purges: 1 });
  await expectGone(again, id);
  await expectEqual(a, again);
});

test("an instance restored to a time before its own purge gets that back", async () => {
  const { a, b, id } = await linked("both");
  const folder = `${join(temporaryFolder({}), "restored")}/`;
  await a.backup(folder);
  await a.purge(REF, REASON, ann);
  await sync(b);
  await a.close();
  const again = await restored(folder);
  expect(await again.get(REF)).toMatchObject({ id });
  await link(again, b, "both");
  await sync(again);
  for (const side of [again, b]) await expectGone(side, id);
  await expectEqual(b, again);
});
