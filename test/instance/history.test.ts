// Proves what authoring stores, and that history, past states and differences can be read back.
import { expect, test } from "vitest";
import type { HistoryEntry } from "../../src/instance/instance.ts";
import { by, memoryInstance } from "./instances.ts";
import { exchange, retitled } from "./two-sides.ts";

const message = "m";

test("a package with more new tags than a changeset holds is created all the same", async () => {
  const instance = memoryInstance();
  const tags = Array.from({ length: 10_000 }, (_, i) => ({ name: `tag-${i}` }));
  const outcome = await instance.create("package", { name: "many", tags }, { ...by, message });
  expect(outcome.revisions).toHaveLength(10_001);
  expect(outcome.revisions.at(-1)).toMatchObject({ type: "package", created: true });
  const [created] = await instance.history("package/many");
  expect(created).toMatchObject({ changeset: outcome.changeset, message });
  expect((await instance.get("package/many")).ckan.tags).toHaveLength(10_000);
});

test("an object's life: every change is a revision with its author, message and patch", async () => {
  const instance = memoryInstance();
  await instance.create("package", { name: "parks", tags: [{ name: "x" }] }, { ...by, message });
  await instance.set("package/parks", { title: "Parks" }, by);
  await instance.patch("package/parks", [{ op: "add", path: "/notes", value: "n" }], by);
  await instance.rename("package/parks", "gardens", by);
  await instance.delete("package/gardens", { author: "bob" });
  await instance.undelete("package/gardens", by);

  const history = await instance.history("package/gardens");
  expect(history.map((entry) => entry.message)).toEqual([
    "undelete package gardens",
    "delete package gardens",
    "rename package parks",
    "patch package parks",
    "edit package parks",
    "m",
  ]);
  expect(history.map(({ head }) => head)).toEqual([true, false, false, false, false, false]);
  expect(history[1]?.author).toBe("bob");
  expect(history[2]?.patch).toEqual([{ op: "replace", path: "/name", value: "gardens" }]);
  expect(history[0]?.parents).toEqual([history[1]?.revision]);
  expect(history[5]?.parents).toEqual([]);
  expect(history[0]?.instance).toBe(instance.identity.instance);
  expect(history[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test("the state at any revision, by its id or the beginning of it", async () => {
  const instance = memoryInstance();
  await instance.create("package", { name: "a", title: "1" }, by);
  await instance.set("package/a", { title: "2" }, by);
  await instance.delete("package/a", by);
  const [deleted, edited, created] = (await instance.history("package/a")).map(
    ({ revision }) => revision,
  );
  const then = await instance.get(`package/a@${created}`);
  expect(then).toMatchObject({ revision: created, document: { name: "a", title: "1" } });
  expect(then.heads).toEqual([deleted]);
  expect((await instance.get(`package/a@${edited?.slice(0, 30)}`)).document?.title).toBe("2");
  expect(await instance.get("package/a")).toMatchObject({
    document: null,
    ckan: { name: "a", state: "deleted" },
  });
  await expect(instance.get("package/a@ffffffff")).rejects.toMatchObject({
    code: "REVISION_NOT_FOUND",
  });
  const prefix = created?.slice(0, 8);
  await expect(instance.get(`package/a@${prefix}`)).rejects.toMatchObject({
    code: "OBJECT_AMBIGUOUS",
  });
});

test("the difference of two revisions, either way, with the values it takes away", async () => {
  const instance = memoryInstance();
  await instance.create("package", { name: "a", title: "1", url: "u", notes: "n" }, by);
  await instance.patch(
    "package/a",
    [
      { op: "replace", path: "/title", value: "2" },
      { op: "remove", path: "/url" },
      { op: "add", path: "/author", value: "me" },
    ],
    by,
  );
  const [to, from] = (await instance.history("package/a")).map(({ revision }) => revision);
  const diff = await instance.diff("package/a", from as string, to as string);
  expect(diff).toMatchObject({ from, to, before: { "/title": "1", "/url": "u" } });
  expect(diff.patch).toEqual([
    { op: "add", path: "/author", value: "me" },
    { op: "replace", path: "/title", value: "2" },
    { op: "remove", path: "/url" },
  ]);
  const back = await instance.diff("package/a", to as string, from as string);
  expect(back.before).toEqual({ "/author": "me", "/title": "2" });
});

test("merges stand in the history, and can be shown and compared like revisions", async () => {
  const { a, b } = await retitled();
  const { id, revision, heads } = await a.get("package/stops");
  const open = await a.history(id);
  expect(open.map(({ kind, head }) => [kind, head])).toEqual([
    ["merge", false],
    ["revision", true],
    ["revision", true],
    ["revision", false],
  ]);
  const { time, hlc } = open[1] as HistoryEntry;
  expect(open[0]).toEqual({
    ...{ kind: "merge", revision, parents: heads, time, hlc, patch: [], head: false },
    ...{ lsn: null, changeset: null, author: null, message: null, instance: null },
  });
  const merged = (await a.get(id)).document;
  expect(await a.get(`${id}@${revision}`)).toMatchObject({ revision, document: merged });

  await a.set(id, { title: "Stops", url: "u" }, by);
  await exchange({ a, b });
  for (const side of [a, b]) {
    const kinds = (await side.history(id)).map(({ kind }) => kind);
    expect(kinds).toEqual(["revision", "merge", "revision", "revision", "revision"]);
    expect((await side.get(`${id}@${revision}`)).document).toEqual(merged);
    const prefix = revision.slice(0, 12);
    const diff = await side.diff(id, prefix, (await side.get(id)).revision);
    expect(diff).toMatchObject({ from: revision, before: { "/title": merged?.title } });
    expect(diff.patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      "replace /title",
      "add /url",
    ]);
  }
});

test("a merge on which two people went on is in the history once", async () => {
  const sides = await retitled();
  const { id, revision } = await sides.a.get("package/stops");
  await sides.a.set(id, { url: "u" }, by);
  await sides.b.set(id, { notes: "n" }, by);
  await exchange(sides);
  const history = await sides.a.history(id);
  expect(history.map(({ kind }) => kind)).toEqual([
    ...["merge", "revision", "revision", "merge", "revision", "revision", "revision"],
  ]);
  expect(history[3]?.revision).toBe(revision);
});

test("a revision of another object is none of this one", async () => {
  const instance = memoryInstance();
  await instance.create("package", { name: "a" }, by);
  await instance.create("package", { name: "b" }, by);
  const [entry] = await instance.history("package/b");
  await expect(instance.get(`package/a@${entry?.revision}`)).rejects.toMatchObject({
    code: "REVISION_NOT_FOUND",
  });
});

test("an edit of what was read is refused once somebody else was faster", async () => {
  const instance = memoryInstance();
  await instance.create("package", { name: "a" }, by);
  const { revision } = await instance.get("package/a");
  await instance.set("package/a", { title: "1" }, { ...by, ifRevision: revision });
  const late = instance.set("package/a", { title: "2" }, { ...by, ifRevision: revision });
  await expect(late).rejects.toMatchObject({ code: "STALE_EDIT" });
});

test("an edit that changes nothing stores nothing", async () => {
  const instance = memoryInstance();
  await instance.create("package", { name: "a", title: "1" }, by);
  const outcome = await instance.set("package/a", { title: "1" }, by);
  expect(outcome).toEqual({ changeset: null, revisions: [], unchanged: 1 });
});

test("two creations of one name are two objects, but a tag is its name", async () => {
  const instance = memoryInstance();
  const first = await instance.create("package", { name: "a" }, by);
  const second = await instance.create("package", { name: "a" }, by);
  expect(first.revisions[0]?.object).not.toBe(second.revisions[0]?.object);
  await instance.create("tag", { name: "t" }, by);
  const again = instance.create("tag", { name: "t" }, by);
  await expect(again).rejects.toMatchObject({ code: "OBJECT_EXISTS" });
  const unknown = instance.create("packages", { name: "a" }, by);
  await expect(unknown).rejects.toMatchObject({ code: "UNKNOWN_TYPE" });
});

test("names given for organizations, groups and tags are those of the objects here", async () => {
  const instance = memoryInstance();
  await instance.create("organization", { name: "parks" }, by);
  await instance.create("group", { name: "green" }, by);
  const form = { name: "a", owner_org: "parks", groups: [{ name: "green" }], tags: ["t"] };
  await instance.create("package", { ...form, tags: [{ name: "t" }] }, by);
  await instance.create("package", { name: "b" }, by);
  await instance.set("package/b", { ...form, name: "b" }, by);
  const [parks, green] = [
    await instance.get("organization/parks"),
    await instance.get("group/green"),
  ];
  for (const name of ["a", "b"]) {
    const { ckan } = await instance.get(`package/${name}`);
    expect(ckan).toMatchObject({
      owner_org: parks.id,
      groups: [{ id: green.id, name: "green" }],
      tags: [{ name: "t" }],
    });
  }
  expect((await instance.status()).objects).toMatchObject({ group: 1, organization: 1, tag: 1 });
});

test("what is no JSON is refused, wherever a program hands it in", async () => {
  const instance = memoryInstance();
  await instance.create("package", { name: "a" }, by);
  const wrong = { title: Number.NaN };
  await expect(instance.create("package", wrong, by)).rejects.toMatchObject({
    code: "UNSAFE_NUMBER",
  });
  await expect(instance.set("package/a", wrong, by)).rejects.toMatchObject({
    code: "UNSAFE_NUMBER",
  });
  const { id } = await instance.get("package/a");
  const change = { kind: "set", object: id, value: { title: "\ud800" } } as const;
  const changed = instance.change({ author: "ada", message: "", changes: [change] });
  await expect(changed).rejects.toMatchObject({ code: "LONE_SURROGATE" });
});
