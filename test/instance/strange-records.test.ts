// Proves that what comes from a peer is never refused for its looks: it is kept byte for byte,
// shown, handed on, and can be edited, deleted and brought back here, whatever the rest of it holds.
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { Author, type Fields, type Made, uuid } from "../store/records.ts";
import { all, by, lines, memoryInstance, newInstance } from "./instances.ts";

const PACKAGE = uuid<ObjectId>(1);

/** What no person could write here. */
const strange: JsonObject = {
  name: "odd",
  title: { de: 1 },
  private: "maybe",
  state: 7,
  owner_org: ["a"],
  tags: "water",
  groups: { health: false },
  extras: { x: { y: { z: 1 } }, n: 12, none: null },
  resources: { notauuid: { url: 5, position: 1, id: "r" }, other: "text" },
  relationships_as_subject: { a: [1], b: { subject: 5 } },
  later: { fields: [{ a: 1 }] },
};

/** A package as an instance elsewhere wrote it. */
function written(content: JsonObject, fields: Fields = {}) {
  const author = new Author(1);
  const changeset = author.changeset();
  const creation = author.create(PACKAGE, content, changeset, { type: "package", ...fields });
  return { author, changeset, creation, records: [changeset, creation] };
}

async function take(instance: Instance, records: readonly Made[]): Promise<void> {
  const outcome = await instance.importRevisions(lines(...records.map(({ text }) => text)));
  expect(outcome.refused).toEqual([]);
}

const odd = (name: string): JsonObject => ({ ...strange, name: { is: name } });

describe.each<[string, JsonObject, Fields]>([
  ["of this schema", strange, {}],
  ["without a name", { ...strange, name: 5 }, {}],
  ["of a newer schema, with fields that are never stored here", odd("x"), { schema: 9 }],
])("a strange package %s", (_, content, fields) => {
  const { creation, records } = written(
    fields.schema === undefined ? content : { ...content, metadata_modified: "now" },
    fields,
  );

  test("is kept, shown and handed on as it came", async () => {
    const { instance: a } = await newInstance("a");
    await take(a, records);
    expect(await all(a.revisionsSince())).toEqual(records.map(({ text }) => text));
    expect((await a.get(PACKAGE)).document).toEqual(creation.content);
    expect((await a.get(PACKAGE)).ckan).toMatchObject({ id: PACKAGE });
    expect(await all(a.export())).toHaveLength(1);
    expect((await a.search({ text: "", state: "any", limit: 5 })).total).toBe(1);
    expect((await a.verify()).findings).toEqual([]);
    const b = memoryInstance("b");
    await b.importRevisions(lines(...(await all(a.revisionsSince()))));
    expect((await b.status()).digest).toBe((await a.status()).digest);
  });

  test("can be deleted, brought back and edited where it is in order", async () => {
    const a = memoryInstance("a");
    await take(a, records);
    if (fields.schema !== undefined) {
      // Nothing is written over what a newer version knows more of.
      await expect(a.delete(PACKAGE, by)).rejects.toMatchObject({ code: "OBJECT_PARKED" });
      return;
    }
    await a.delete(PACKAGE, by);
    expect((await a.get(PACKAGE)).document).toBeNull();
    await a.undelete(PACKAGE, by);
    await a.patch(PACKAGE, [{ op: "add", path: "/notes", value: "Mended." }], by);
    await a.patch(PACKAGE, [{ op: "remove", path: "/owner_org" }], by);
    await a.set(PACKAGE, { url: "https://data.example", private: true }, by);
    await a.rename(PACKAGE, "even", by);
    const { owner_org: _, ...rest } = creation.content;
    expect((await a.get("package/even")).document).toEqual({
      ...rest,
      notes: "Mended.",
      url: "https://data.example",
      private: true,
      name: "even",
    });
    expect(await a.verify()).toMatchObject({ ok: true });
    await expect(
      a.patch(PACKAGE, [{ op: "replace", path: "/extras/n", value: 13 }], by),
    ).rejects.toMatchObject({ code: "INVALID_OBJECT", where: "package/even/extras/n" });
  });
});

test("an edit from elsewhere stands on what it found, whatever its own schema would say", async () => {
  const a = memoryInstance("a");
  const content = { name: "a", metadata_modified: "now" };
  const { author, changeset, creation, records } = written(content, { schema: 9 });
  await take(a, [...records, author.set(creation, { title: 5 }, changeset, { schema: 9 })]);
  expect((await a.get(PACKAGE)).document).toMatchObject({ title: 5 });
});

test.each<[string, JsonObject]>([
  ["/apikey", { apikey: "x" }],
  ["/map/password", { map: { k: 1, password: "x" } }],
  ["/metadata_modified", { metadata_modified: "x" }],
  ["/resources/r/package_id", { resources: { r: { package_id: "x", url: "u" } } }],
])("what is never stored is refused where a record writes it: %s", async (path, change) => {
  const a = memoryInstance("a");
  const content = { name: "a", map: { k: 1 }, resources: { r: { url: "u" } } };
  const { author, changeset, creation, records } = written(content);
  await take(a, records);
  const patch = [{ op: "add", path, value: "x" }];
  const edit = author.revise(creation, patch, { ...content, ...change }, changeset);
  const { refused } = await a.importRevisions(lines(edit.text));
  expect(refused).toMatchObject([{ code: "INVALID_OBJECT" }]);
});

test("an object of which nothing is left is kept, and can be filled again", async () => {
  const a = memoryInstance("a");
  const { author, changeset, creation, records } = written({ name: "a" });
  const patch = [{ op: "remove", path: "/name" }];
  await take(a, [...records, author.revise(creation, patch, {}, changeset)]);
  expect((await a.get(PACKAGE)).document).toEqual({});
  await a.delete(PACKAGE, by);
  await a.undelete(PACKAGE, by);
  await a.rename(PACKAGE, "b", by);
  expect((await a.get("package/b")).document).toEqual({ name: "b" });
});
