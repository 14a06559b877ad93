// Proves that many conflicts are decided by one rule, in few changesets, and that what the rule
// cannot decide is counted and left alone.
import { expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { Json } from "../../src/base/json.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { all, lines } from "./instances.ts";
import { ann, bob, exchange, onlyConflict, type TwoSides, twoSides } from "./two-sides.ts";

const NAMES = Array.from({ length: 230 }, (_, n) => `p${n}`);

/** Both sides give each package another title and url, ann at hq first. */
async function manyRetitled(names: readonly string[] = NAMES): Promise<TwoSides> {
  const sides = twoSides();
  await sides.a.import(lines(...names.map((name) => ({ name, title: "old" }))), ann);
  await exchange(sides);
  await sides.a.import(lines(...names.map((name) => ({ name, title: "hq", url: "hq" }))), ann);
  await sides.b.import(lines(...names.map((name) => ({ name, title: "br", url: "br" }))), bob);
  await exchange(sides);
  return sides;
}

async function titles(instance: Instance): Promise<Set<Json | undefined>> {
  const exported = await all(instance.export());
  return new Set(exported.map((line) => JSON.parse(line).title as string));
}

test.each([
  ["newest", "br"],
  ["oldest", "hq"],
  ["hq", "hq"],
  ["branch", "br"],
])("take %s", async (take, title) => {
  const sides = await manyRetitled(["p", "q"]);
  await sides.a.addLink({ name: "branch", url: "http://127.0.0.1:1", direction: "pull" });
  const [link] = await sides.a.links();
  await sides.a.store.saveLink({ ...link, peer: sides.b.identity.instance } as never);
  const report = await sides.a.resolveConflicts({ take }, ann);
  const counts = { resolved: 4, skipped: 0, refused: [], changesets: 1, revisions: 2 };
  expect(report).toEqual(counts);
  await exchange(sides);
  for (const side of [sides.a, sides.b]) {
    expect(await titles(side)).toEqual(new Set([title]));
    expect((await side.conflicts({ status: "open" })).items).toEqual([]);
  }
  expect((await sides.a.history("package/p"))[0]?.message).toBe("from hq");
});

test("hundreds take a changeset for 200 each, and filters leave the others open", async () => {
  const { a } = await manyRetitled();
  const only = await a.resolveConflicts({ take: "oldest", path: "/url", type: "package" }, bob);
  expect(only).toMatchObject({ resolved: 230, revisions: 230, changesets: 2 });
  expect((await a.status()).conflicts).toEqual({ open: 230 });
  const one = await a.resolveConflicts({ take: "oldest", object: "package/p0" }, bob);
  expect(one).toMatchObject({ resolved: 1 });
  expect((await a.resolveConflicts({ take: "oldest", type: "tag" }, bob)).resolved).toBe(0);
});

test("an instance that is not known is named in an error; one without a candidate skips", async () => {
  const { a } = await manyRetitled(["p"]);
  await expect(a.resolveConflicts({ take: "nobody" }, ann)).rejects.toMatchObject({
    code: "USAGE",
    hint: "give its id; known are hq",
  });
  const take = "0198c2f4-5d3e-7a31-9c1b-2f8e6f0a7b11";
  expect(await a.resolveConflicts({ take }, ann)).toMatchObject({ resolved: 0, skipped: 2 });
});

test("names are accepted where the rule takes whoever has the plain name, else skipped", async () => {
  const sides = twoSides();
  await sides.a.create("package", { name: "stops" }, ann);
  await sides.b.create("package", { name: "stops" }, bob);
  await exchange(sides);
  const newest = await sides.a.resolveConflicts({ take: "newest" }, ann);
  expect(newest).toMatchObject({ resolved: 0, skipped: 1 });
  const oldest = await sides.a.resolveConflicts({ take: "oldest" }, ann);
  expect(oldest).toMatchObject({ resolved: 1, skipped: 0 });
  expect(await onlyConflict(sides.a)).toMatchObject({ status: "resolved" });
});

test("what touches is decided one after the other, in one changeset", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  const object = "0198c2f4-5d3e-7a31-9c1b-2f8e6f0a7b11";
  const put = { kind: "put", object, type: "package", content: { name: "n" }, mode: "create" };
  await a.change({ ...ann, changes: [put as never] });
  await exchange(sides);
  const add = (value: Json) => [{ op: "add", path: "/x", value }] as unknown as Json;
  await a.patch(object, add("plain"), ann);
  await b.patch(object, add({ q: 1 }), bob);
  await exchange(sides);
  await a.patch(object, [{ op: "replace", path: "/x/q", value: 2 }], ann);
  await b.patch(object, [{ op: "replace", path: "/x/q", value: 3 }], bob);
  await exchange(sides);
  const paths = (await a.conflicts({ status: "open" })).items.map(({ path }) => path).sort();
  expect(paths).toEqual(["/x", "/x/q"]);
  const report = await a.resolveConflicts({ take: "newest" }, ann);
  expect(report).toMatchObject({ resolved: 2, revisions: 2, changesets: 1, refused: [] });
  expect((await a.get(object)).document).toEqual({ name: "n", x: { q: 3 } });
});

test("a decision that cannot be stored is refused alone", async () => {
  const sides = await manyRetitled(["p", "q"]);
  const { a } = sides;
  const { author } = a.store;
  const { id } = await a.get("package/p");
  const refusing: typeof author = (command) => {
    if (!command.changes.some(({ object }) => object === id)) return author.call(a.store, command);
    throw new SynclineError("STALE_EDIT", "changed");
  };
  a.store.author = refusing;
  const report = await a.resolveConflicts({ take: "newest", path: "/title" }, ann);
  expect(report).toMatchObject({ resolved: 1, changesets: 1 });
  expect(report.refused).toEqual([{ id: expect.any(String), code: "STALE_EDIT" }]);
});
