// Proves that every way of writing here refuses values that do not fit, says where and what to do,
// and stores nothing; and that an import of the same values is taken where a site may hold them.
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { by, lines, memoryInstance } from "./instances.ts";

const ID = "0a0a0a0a-0000-4000-8000-000000000001" as ObjectId;
const NEW = "0a0a0a0a-0000-4000-8000-000000000002" as ObjectId;

const patch = (path: string, value: JsonObject[string]) => (instance: Instance) =>
  instance.patch("package/p", [{ op: "add", path, value }], by);
const create = (form: JsonObject) => (instance: Instance) => instance.create("package", form, by);
const set = (form: JsonObject) => (instance: Instance) => instance.set("package/p", form, by);
const put = (content: JsonObject) => (instance: Instance) =>
  instance.change({
    ...by,
    message: "put",
    changes: [{ kind: "put", object: NEW, type: "package", content, mode: "create" }],
  });

test.each<[string, (instance: Instance) => Promise<unknown>, string]>([
  ["patch: no flag", patch("/private", "maybe"), "package/p/private"],
  ["patch: an empty map for a text", patch("/extras/x", {}), "package/p/extras/x"],
  ["patch: one inside a value", patch("/extras", { "a/b": {} }), "package/p/extras/a~1b"],
  ["patch: a map for a text", patch("/extras/x", { y: "1" }), "package/p/extras/x"],
  ["patch: no id", patch("/resources/r1", { url: "u" }), "package/p/resources/r1"],
  [
    "patch: no position",
    patch(`/resources/${ID}/position`, 5),
    `package/p/resources/${ID}/position`,
  ],
  ["create: no flag", create({ name: "n", private: "maybe" }), "package/n/private"],
  ["create: a number for a text", create({ name: "n", extras: { x: 5 } }), "package/n/extras/x"],
  ["create: nothing for a text", create({ name: "n", extras: { x: {} } }), "/extras/x"],
  ["create: no id", create({ name: "n", resources: [{ id: "r1" }] }), "/resources/0/id"],
  [
    "create: an organization inside",
    create({ name: "n", organization: { name: "o", title: 5 } }),
    "organization/o/title",
  ],
  ["set: no flag", set({ private: "maybe" }), "package/p/private"],
  ["set: nothing for a text", set({ extras: [{ key: "x", value: {} }] }), "/extras/0/value"],
  ["put: no flag", put({ name: "n", private: 1 }), "package/n/private"],
  ["rename: to nothing", (instance) => instance.rename("package/p", "", by), `package/${ID}/name`],
])("%s", async (_, write, where) => {
  const instance = memoryInstance();
  const form = { id: ID, name: "p", extras: { x: "1" }, resources: [{ id: ID, url: "u" }] };
  await instance.create("package", form, by);
  const before = await instance.status();
  await expect(write(instance)).rejects.toMatchObject({
    code: "INVALID_OBJECT",
    where,
    hint: expect.stringMatching(/\w/),
  });
  expect(await instance.status()).toEqual(before);
});

test("a patch may empty a map, and may put an empty one where a map belongs", async () => {
  const instance = memoryInstance();
  await instance.create("package", { id: ID, name: "p", extras: { x: "1" } }, by);
  const operations = [
    { op: "replace", path: "/extras", value: {} },
    { op: "add", path: "/contact", value: { desk: {} } },
    { op: "add", path: "/tags", value: {} },
  ];
  await instance.patch("package/p", operations, by);
  expect((await instance.get("package/p")).document).toEqual({ name: "p" });
});

test("an import takes what a site may hold, and it can be worked on from then on", async () => {
  const instance = memoryInstance();
  const form = {
    id: ID,
    name: "p",
    title: { de: "Häfen" },
    version: 1.5,
    extras: [
      { key: "n", value: 12 },
      { key: "x", value: { y: [1] } },
    ],
  };
  const report = await instance.import(lines(form, { name: "q", private: "maybe" }), by);
  expect(report.refused).toMatchObject([{ line: 2, code: "INVALID_OBJECT" }]);
  const { ckan } = await instance.get("package/p");
  expect(ckan).toMatchObject(form);
  await instance.set("package/p", { extras: [...form.extras, { key: "z", value: "1" }] }, by);
  await instance.patch("package/p", [{ op: "remove", path: "/extras/x/y" }], by);
  expect((await instance.get("package/p")).document).toMatchObject({ extras: { n: 12, z: "1" } });
});
