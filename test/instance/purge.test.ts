// Proves that a purge or shun through the library reaches log, status and search.
import { expect, test } from "vitest";
import { all, by, newInstance } from "./instances.ts";
import { ann, exchange, twoSides } from "./two-sides.ts";

test("a purged object is gone from catalog, search and history, on both sides", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  await a.create("package", { name: "stops", notes: "secret" }, ann);
  await exchange(sides);
  const { id } = await a.get("package/stops");
  const outcome = await a.purge("package/stops", { reason: "asked by its owner" }, ann);
  expect(outcome).toEqual({
    ...{ changeset: null, revisions: [], unchanged: 0 },
    purges: [{ id: expect.any(String), object: id }],
  });
  await exchange(sides);
  for (const side of [a, b]) {
    await expect(side.get(id)).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
    expect(await side.status()).toMatchObject({ purged: 1, shunned: 0, objects: {} });
    expect((await all(side.revisionsSince())).join()).not.toContain("secret");
    expect((await side.verify()).findings).toEqual([]);
  }
  expect((await a.status()).digest).toBe((await b.status()).digest);
});

test("a shun is local, and the object does not come back", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  await a.create("package", { name: "stops" }, ann);
  await exchange(sides);
  const { id } = await b.get("package/stops");
  expect(await b.shun("package/stops", by)).toMatchObject({ shunned: [id] });
  await exchange(sides);
  expect(await b.status()).toMatchObject({ purged: 0, shunned: 1, objects: {} });
  expect(await a.status()).toMatchObject({ shunned: 0, objects: { package: 1 } });
});

test("a shunned object can be purged by its id, which reaches the others", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  await a.create("package", { name: "stops" }, ann);
  await exchange(sides);
  const { id } = await b.get("package/stops");
  await b.shun(id, by);
  await b.purge(id.toUpperCase(), { reason: "everywhere, then" }, by);
  await exchange(sides);
  for (const side of [a, b]) {
    expect(await side.status()).toMatchObject({ purged: 1, shunned: 0, objects: {} });
    const again = side.purge(id, { reason: "" }, by);
    await expect(again).rejects.toMatchObject({ code: "OBJECT_PURGED" });
  }
  for (const unknown of ["package/stops", "0198c2f4-0000-7000-8000-000000000000"]) {
    const purge = a.purge(unknown, { reason: "" }, by);
    await expect(purge).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
  }
});

test("search forgets it at once, and the index still agrees with the store", async () => {
  const { instance } = await newInstance();
  await instance.create("package", { name: "stops", notes: "secret" }, by);
  await instance.create("package", { name: "parks", notes: "secret" }, by);
  await instance.indexed((await instance.store.head()).lsn);
  await instance.purge("package/stops", { reason: "" }, by);
  await instance.shun("package/parks", by);
  expect((await instance.search({ text: "secret", limit: 5 })).total).toBe(0);
  expect((await instance.verify()).findings).toEqual([]);
});

test("a reason that no record may hold is refused, and nothing is removed", async () => {
  const { instance } = await newInstance();
  await instance.create("package", { name: "stops" }, by);
  const purge = instance.purge("package/stops", { reason: "x".repeat(10_001) }, by);
  await expect(purge).rejects.toMatchObject({ code: "INVALID_RECORD" });
  expect((await instance.status()).objects).toEqual({ package: 1 });
});
