// Proves that roles and ratings are objects like others: made by name, one for those they connect,
// versioned, merged when two instances differ, exported and imported.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import type { Instance, StatusView } from "../../src/instance/instance.ts";
import { by, chunks, memoryInstance, newInstance } from "./instances.ts";
import { served } from "./served.ts";

async function withPeople(instance: Instance): Promise<Instance> {
  await instance.create("user", { name: "ida" }, by);
  await instance.create("organization", { name: "harbor" }, by);
  await instance.create("package", { name: "berths", owner_org: "harbor" }, by);
  return instance;
}

const stores: readonly [string, () => Promise<Instance>][] = [
  ["in memory", async () => memoryInstance()],
  ["in a folder", async () => (await newInstance()).instance],
];

describe.each(stores)("%s", (_, open) => {
  test("a rating is given by name, changed, deleted, and its history kept", async () => {
    const instance = await withPeople(await open());
    const rating = { user: "ida", package: "berths", rating: 4 };
    const { revisions } = await instance.create("rating", rating, by);
    const ref = revisions[0]?.object as string;
    const user = (await instance.get("user/ida")).id;
    const rated = (await instance.get("package/berths")).id;
    expect((await instance.get(ref)).document).toEqual({ user, package: rated, rating: 4 });
    await expect(instance.create("rating", rating, by)).rejects.toMatchObject({
      code: "OBJECT_EXISTS",
    });
    await instance.set(ref, { rating: 5 }, by);
    await expect(instance.set(ref, { rating: 9 }, by)).rejects.toMatchObject({
      code: "INVALID_OBJECT",
      where: `rating/${ref}/rating`,
    });
    await instance.delete(ref, by);
    expect((await instance.history(ref)).map(({ patch }) => patch[0]?.path)).toEqual([
      "/@deleted",
      "/rating",
      "",
    ]);
    expect((await instance.status()).objects.rating).toBeUndefined();
    expect(await instance.verify()).toMatchObject({ ok: true, notes: [] });
  });

  test("a role is given by name to a user or a group, and edited in CKAN's form", async () => {
    const instance = await withPeople(await open());
    const form = { package_id: "berths", user_id: "ida", capacity: "member" };
    const { revisions } = await instance.create("role", form, by);
    const ref = revisions[0]?.object as string;
    expect((await instance.get(ref)).document).toMatchObject({ table: "package", role: "reader" });
    await instance.set(ref, { capacity: "admin" }, by);
    expect((await instance.get(ref)).ckan).toMatchObject({ capacity: "admin", type: "role" });
    await instance.create(
      "role",
      { table: "organization", object: "harbor", group: "harbor", role: "editor" },
      by,
    );
    expect((await instance.status()).objects.role).toBe(2);
  });

  test("what it connects is here, and never changes", async () => {
    const instance = await withPeople(await open());
    const form = { package_id: "berths", user_id: "ida", capacity: "editor" };
    await expect(instance.create("role", { ...form, user_id: "nobody" }, by)).rejects.toMatchObject(
      { code: "OBJECT_NOT_FOUND", where: "/user_id" },
    );
    const { revisions } = await instance.create("role", form, by);
    const ref = revisions[0]?.object as string;
    await instance.create("package", { name: "tides" }, by);
    const refused = { code: "INVALID_OBJECT", where: `role/${ref}/object` };
    await expect(instance.set(ref, { package_id: "tides" }, by)).rejects.toMatchObject(refused);
    const other = (await instance.get("package/tides")).id;
    const patch = [{ op: "replace", path: "/object", value: other }];
    await expect(instance.patch(ref, patch, by)).rejects.toMatchObject(refused);
    await instance.set(ref, form, by);
  });

  test("an export is imported again without a change, and elsewhere as the same objects", async () => {
    const instance = await withPeople(await open());
    await instance.create("role", { package_id: "berths", user_id: "ida", capacity: "editor" }, by);
    await instance.create("rating", { user: "ida", package: "berths", rating: 2 }, by);
    const lines: string[] = [];
    for (const type of ["user", "organization", "package", "role", "rating"]) {
      for await (const line of instance.export({ type })) lines.push(`${line}\n`);
    }
    const again = await instance.import(chunks(lines.join("")), by);
    expect(again).toMatchObject({ created: 0, changed: 0, unchanged: 5, refusedTotal: 0 });
    const other = memoryInstance("other");
    expect(await other.import(chunks(lines.join("")), by)).toMatchObject({ created: 5 });
    expect((await other.status()).objects).toEqual((await instance.status()).objects);
  });

  test("the roles on an object and on its owner say who may do what", async () => {
    const instance = await withPeople(await open());
    for (const name of ["bo", "cy"]) await instance.create("user", { name }, by);
    await instance.create("group", { name: "crew" }, by);
    await instance.create("membership", { group: "crew", table: "user", object: "cy" }, by);
    const may = async (user: string) =>
      (await instance.roleOf(`user/${user}`, "package/berths")).role;
    expect(await may("bo")).toBe("editor");
    await instance.setDefaultRole("reader");
    expect(await may("bo")).toBe("reader");
    expect((await instance.status()).defaultRole).toBe("reader");
    await expect(instance.setDefaultRole("owner")).rejects.toMatchObject({ code: "USAGE" });

    const role = { table: "organization", object: "harbor", role: "admin" };
    const { revisions } = await instance.create("role", { ...role, user: "ida" }, by);
    await instance.create(
      "role",
      { table: "package", object: "berths", group: "crew", role: "editor" },
      by,
    );
    const [ida, crew, none] = await Promise.all([may("ida"), may("cy"), may("bo")]);
    expect([ida, crew, none]).toEqual(["admin", "editor", "reader"]);
    const { grant, because } = await instance.roleOf("user/ida", "package/berths");
    expect([grant, because]).toEqual([revisions[0]?.object, "grant"]);
    await instance.delete(grant as string, by);
    expect(await may("ida")).toBe("reader");
    await expect(instance.roleOf("package/berths", "user/ida")).rejects.toMatchObject({
      code: "USAGE",
    });
  });

  test("a package's ratings are averaged", async () => {
    const instance = await withPeople(await open());
    await instance.create("user", { name: "bo" }, by);
    await instance.create("package", { name: "tides" }, by);
    for (const [user, rated, rating] of [
      ["ida", "berths", 4],
      ["bo", "berths", 1],
      ["bo", "tides", 5],
    ] as const) {
      await instance.create("rating", { user, package: rated, rating }, by);
    }
    expect(await instance.ratings("package/berths")).toMatchObject({ average: 2.5, count: 2 });
    expect(await instance.ratings("package/tides")).toMatchObject({ average: 5, count: 1 });
  });

  test("two instances that rate differently meet in one rating, with a conflict", async () => {
    const [here, there] = [await open(), memoryInstance("there")];
    await withPeople(here);
    await there.importRevisions(records(here));
    for (const [instance, rating] of [
      [here, 5],
      [there, 1],
    ] as const) {
      await instance.create("rating", { user: "ida", package: "berths", rating }, by);
    }
    await here.importRevisions(records(there));
    await there.importRevisions(records(here));
    expect((await here.status()).objects.rating).toBe(1);
    expect((await here.status()).digest).toBe((await there.status()).digest);
    const { items } = await here.conflicts({ type: "rating" });
    expect(items.map(({ path, candidates }) => [path, values(candidates)])).toEqual([
      ["/rating", [1, 5]],
    ]);
  });
});

test("what is restricted on A can be edited on B, unless the scope carries the roles", async () => {
  const a = await withPeople(memoryInstance("a"));
  await a.create("user", { name: "bo" }, by);
  await a.create("role", { package_id: "berths", user_id: "ida", capacity: "admin" }, by);
  await a.create("rating", { user: "ida", package: "berths", rating: 4 }, by);
  const may = async (instance: Instance): Promise<string> =>
    (await instance.roleOf("user/bo", "package/berths")).role;
  expect(await may(a)).toBe("reader");

  const [b, strict, c] = [memoryInstance("b"), memoryInstance("strict"), memoryInstance("c")];
  await strict.setDefaultRole("reader");
  const pulled = async (instance: Instance, scope?: JsonObject): Promise<StatusView> => {
    const more = scope === undefined ? {} : { scope };
    await instance.addLink({ name: "a", url: await served(a), direction: "pull", ...more });
    await instance.sync("a");
    return instance.status();
  };
  const there = await pulled(b);
  expect(there.objects).toMatchObject({ package: 1, user: 2, rating: 1 });
  expect(there.objects.role).toBeUndefined();
  expect(await may(b)).toBe("editor");
  await pulled(strict);
  expect(await may(strict)).toBe("reader");
  expect((await pulled(c, { roles: true })).objects.role).toBe(1);
  expect(await may(c)).toBe("reader");
  expect((await c.roleOf("user/ida", "package/berths")).role).toBe("admin");
});

const values = (candidates: readonly { readonly value?: unknown }[]): unknown[] =>
  candidates.map(({ value }) => value).sort();

async function* records(instance: Instance): AsyncGenerator<Uint8Array> {
  for await (const record of instance.revisionsSince()) yield Buffer.from(`${record}\n`);
}
