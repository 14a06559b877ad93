// Proves that instances of different versions of the program work together: what a newer one writes
// is kept, shown and handed on by an older one, which edits it again once it was updated; then it is
// where an instance is that was new all along.
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { openInstance } from "../../src/instance/open-instance.ts";
import type { Edition } from "../../src/log/edition.ts";
import type { Revision } from "../../src/model/record.ts";
import { ALGORITHM_2, LATEST, SCHEMA_2 } from "../../src/scenario/world/editions.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { all, by, lines, memoryInstance } from "./instances.ts";

const PUMP = "package/pump";
const form = { name: "pump", title: "Pump", maintainer: "Ann" };

/** Carries everything from one instance to another. */
async function carry(from: Instance, to: Instance): Promise<void> {
  const { refused } = await to.importRevisions(lines(...(await all(from.revisionsSince()))));
  expect(refused).toEqual([]);
}

async function exchange(a: Instance, b: Instance): Promise<void> {
  await carry(a, b);
  await carry(b, a);
}

/** An old instance and a new one that both have the package, as the old one made it. */
async function oldAndNew(edition: Edition): Promise<{ old: Instance; next: Instance }> {
  const [old, next] = [memoryInstance("old"), memoryInstance("next", { edition })];
  await old.create("package", { ...form, notes: "One.\nTwo.\n" }, by);
  await exchange(old, next);
  return { old, next };
}

/** The records of an object, oldest first. */
async function recordsOf(instance: Instance): Promise<Revision[]> {
  const entries = await instance.entries({ limit: 100 });
  return entries.map(({ text }) => JSON.parse(text) as Revision);
}

describe("a field that has another name in the newer schema", () => {
  test("is read by its new name, and stays stored by the old one", async () => {
    const { old, next } = await oldAndNew(SCHEMA_2);
    const { document, ckan } = await next.get(PUMP);
    expect(document).toMatchObject({ contact: "Ann" });
    expect(document).not.toHaveProperty("maintainer");
    expect(ckan).toMatchObject({ contact: "Ann" });
    expect((await next.status()).digest).toBe((await old.status()).digest);
    await next.set(PUMP, { title: "Water pump" }, by);
    const [edit] = (await recordsOf(next)).slice(-1);
    expect(edit).toMatchObject({ schema: 2, patch: [{ op: "replace", path: "/title" }] });
    expect((await next.get(PUMP)).document).toMatchObject({ contact: "Ann" });
  });

  test("is written by its new name, and the old one goes", async () => {
    const { next } = await oldAndNew(SCHEMA_2);
    await next.set(PUMP, { contact: "Bo" }, by);
    const [edit] = (await recordsOf(next)).slice(-1);
    expect(edit?.patch).toEqual([
      { op: "add", path: "/contact", value: "Bo" },
      { op: "remove", path: "/maintainer" },
    ]);
    await next.patch(PUMP, [{ op: "remove", path: "/contact" }], by);
    expect((await next.get(PUMP)).document).not.toHaveProperty("contact");
    expect((await next.verify()).findings).toEqual([]);
  });

  test("that was edited by both names at once is a conflict, and both values are there", async () => {
    const { old, next } = await oldAndNew(SCHEMA_2);
    await next.set(PUMP, { contact: "Bo" }, by);
    await old.set(PUMP, { maintainer: "Cy" }, by);
    await exchange(old, next);
    expect((await next.get(PUMP)).document).toMatchObject({ contact: "Bo", maintainer: "Cy" });
    const { items } = await next.conflicts();
    expect(items.map(({ path, kind }) => [path, kind])).toEqual([["/maintainer", "delete"]]);
    expect((await old.status()).conflicts.open).toBe(0);
  });

  test("is what an import brings, too", async () => {
    const { next } = await oldAndNew(SCHEMA_2);
    const [exported] = await all(next.export());
    expect(JSON.parse(exported as string)).toMatchObject({ contact: "Ann" });
    const report = await next.import(lines(exported), by);
    expect(report).toMatchObject({ changed: 0, unchanged: 1 });
    const value = { ...JSON.parse(exported as string), contact: "Bo" };
    expect(await next.import(lines(value), by)).toMatchObject({ changed: 1 });
    expect((await next.get(PUMP)).document).toMatchObject({ contact: "Bo" });
  });
});

describe("an older instance", () => {
  test("shows what a newer one wrote, does not edit it, and says why", async () => {
    const { old, next } = await oldAndNew(SCHEMA_2);
    await next.set(PUMP, { contact: "Bo", rank: 3 }, by);
    await next.patch(PUMP, [{ op: "add", path: "/keywords", value: { wells: true } }], by);
    await carry(next, old);
    const view = await old.get(PUMP);
    expect(view).toMatchObject({ parked: true, revision: view.heads[0] });
    expect(view.document).toMatchObject({ contact: "Bo", rank: 3, keywords: { wells: true } });
    const edit = old.set(PUMP, { title: "Mine" }, by);
    await expect(edit).rejects.toMatchObject({ code: "OBJECT_PARKED", where: PUMP });
    const { parked, attention } = await old.status();
    expect(parked).toBe(1);
    expect(attention).toEqual(["1 object waits for a newer version of Syncline"]);
    expect((await old.verify()).findings).toEqual([]);
  });

  test("hands it on: through it, two newer ones become equal", async () => {
    const { old, next } = await oldAndNew(LATEST);
    const third = memoryInstance("third", { edition: LATEST });
    await exchange(old, third);
    await next.set(PUMP, { contact: "Bo", notes: "One!\nTwo.\n" }, by);
    await third.set(PUMP, { contact: "Cy", notes: "One.\nTwo!\n" }, by);
    await exchange(old, next);
    await exchange(old, third);
    await exchange(old, next);
    const [one, other] = [await next.status(), await third.status()];
    expect(one).toMatchObject({ parked: 0, conflicts: { open: 2 } });
    expect(other.digest).toBe(one.digest);
    expect((await old.status()).digest).not.toBe(one.digest);
    expect(await third.conflicts()).toEqual(await next.conflicts());
    expect((await next.get(PUMP)).document).toMatchObject({ notes: "One!\nTwo.\n\nOne.\nTwo!\n" });
  });

  test("takes part in a merge that is the newer ones' by the rules of what is merged", async () => {
    const { old, next } = await oldAndNew(ALGORITHM_2);
    const third = memoryInstance("third");
    await exchange(old, third);
    await old.set(PUMP, { notes: "One!\nTwo.\n" }, by);
    await third.set(PUMP, { notes: "One.\nTwo!\n" }, by);
    await exchange(old, third);
    await carry(old, next);
    expect((await next.get(PUMP)).document).toMatchObject({ notes: "One!\nTwo!\n" });
    const [one, other] = [await old.status(), await next.status()];
    expect(other).toMatchObject({ parked: 0, digest: one.digest, conflicts: one.conflicts });
    expect((await next.get(PUMP)).revision).toBe((await old.get(PUMP)).revision);
  });
});

describe("after an update", () => {
  /** What happens to an old instance in a folder while it is old, then everything once it is new. */
  async function updated(edition: Edition) {
    const folder = join(temporaryFolder({}), "old");
    const old = await openInstance(folder, { create: { name: "old" }, threads: "none" });
    const next = memoryInstance("next", { edition });
    await old.create("package", { ...form, notes: "One.\nTwo.\n" }, by);
    await old.create("package", { name: "well" }, by);
    await exchange(old, next);
    await next.set(PUMP, { title: "Newer", notes: "One!\nTwo.\n" }, by);
    await next.rename("package/well", "source", by);
    await next.create("package", { name: "drill", title: "Drill" }, by);
    await old.set(PUMP, { title: "Older", notes: "One.\nTwo!\n" }, by);
    await old.create("package", { name: "source" }, by);
    await exchange(old, next);
    expect((await old.search({ text: "drill", limit: 5 })).total).toBe(1);
    expect((await old.status()).parked).toBe(3);
    await old.close();
    const again = await openInstance(folder, { edition });
    onTestFinished(() => again.close());
    return { again, next, folder };
  }

  test.each([
    ["another schema", SCHEMA_2],
    ["another algorithm", ALGORITHM_2],
    ["both", LATEST],
  ])("to %s, an instance is what one is that was new all along", async (_, edition) => {
    const { again, next } = await updated(edition);
    const [one, other] = [await again.status(), await next.status()];
    expect(one).toMatchObject({ parked: 0, digest: other.digest, conflicts: other.conflicts });
    expect(await again.conflicts({ limit: 50 })).toEqual(await next.conflicts({ limit: 50 }));
    expect(await all(again.export())).toEqual(await all(next.export()));
    expect((await again.verify()).findings).toEqual([]);
    expect((await again.get(PUMP)).revision).toBe((await next.get(PUMP)).revision);
    await again.set(PUMP, { title: "Both" }, by);
    await exchange(again, next);
    expect((await next.status()).digest).toBe((await again.status()).digest);
  });

  test("what is found is what is shown", async () => {
    const { again } = await updated(SCHEMA_2);
    const { title } = (await again.get(PUMP)).document as { title: string };
    expect((await again.search({ text: title, limit: 5 })).total).toBe(1);
    expect((await again.verify()).findings).toEqual([]);
  });

  test("an older program that comes again parks what it does not know", async () => {
    const { again, next, folder } = await updated(LATEST);
    await again.close();
    const older = await openInstance(folder, { threads: "none" });
    expect(await older.status()).toMatchObject({ parked: 3 });
    expect((await older.verify()).findings).toEqual([]);
    const edit = older.set(PUMP, { title: "x" }, by);
    await expect(edit).rejects.toMatchObject({ code: "OBJECT_PARKED" });
    await older.close();
    const newest = await openInstance(folder, { edition: LATEST });
    onTestFinished(() => newest.close());
    expect((await newest.status()).digest).toBe((await next.status()).digest);
  });
});

describe("a type that this version does not know", () => {
  const showcase = { ...SCHEMA_2.types.get("user"), name: "showcase" } as never;
  const edition: Edition = {
    ...SCHEMA_2,
    types: new Map([...SCHEMA_2.types, ["showcase", showcase]]),
  };

  test("is kept, shown, exported and handed on, and edited where it is known", async () => {
    const [old, next] = [memoryInstance("old"), memoryInstance("next", { edition })];
    await next.create("showcase", { name: "wells", fullname: "All wells" }, by);
    await carry(next, old);
    expect(await old.status()).toMatchObject({ parked: 0, objects: { showcase: 1 } });
    expect((await old.get("showcase/wells")).document).toEqual({
      ...{ name: "wells", fullname: "All wells" },
    });
    expect(await all(old.export({ type: "showcase" }))).toHaveLength(1);
    for (const edit of [
      () => old.set("showcase/wells", { fullname: "x" }, by),
      () => old.rename("showcase/wells", "x", by),
      () => old.delete("showcase/wells", by),
    ]) {
      await expect(edit()).rejects.toMatchObject({ code: "UNKNOWN_TYPE" });
    }
    await next.set("showcase/wells", { fullname: "Wells" }, by);
    await exchange(old, next);
    expect((await old.status()).digest).toBe((await next.status()).digest);
    await old.purge("showcase/wells", { reason: "" }, by);
  });
});
