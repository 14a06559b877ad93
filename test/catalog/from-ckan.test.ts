// Proves how CKAN's form becomes stored content: ids, keyed maps, what is dropped, what is kept,
// and what is refused with the place it stands at.
import { describe, expect, test } from "vitest";
import { namedId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { fromCkan, positionAt, validateContent } from "../../src/catalog/index.ts";
import {
  RELATIONSHIP_VOLATILE_FIELDS,
  RESOURCE_VOLATILE_FIELDS,
  SECRET_FIELDS,
  VOLATILE_EXTRAS,
  VOLATILE_FIELDS,
} from "../../src/catalog/volatile.ts";
import { expectRefusal, readFixture } from "./helpers.ts";

const A = "0a0a0a0a-0000-4000-8000-00000000000a";
const B = "0b0b0b0b-0000-4000-8000-00000000000b";
const content = (type: string, input: JsonObject): JsonObject =>
  fromCkan(type, input).object.content;

/** Without which there is no object of the type. */
const NEEDED: Readonly<Record<string, JsonObject>> = {
  role: { table: "package", object: A, group: B, role: "admin" },
  rating: { user: A, package: B, rating: 3 },
};

describe("ids", () => {
  test("a UUID is kept, in lower case", () => {
    expect(fromCkan("package", { id: A.toUpperCase(), name: "a" }).object.id).toBe(A);
  });

  test.each(["package", "group", "organization", "user", "vocabulary"])(
    "a %s without a UUID is named by type and name",
    (type) => {
      const id = namedId(type, "harbor");
      expect(fromCkan(type, { name: "harbor" }).object.id).toBe(id);
      expect(fromCkan(type, { id: "17", name: "harbor" }).object.id).toBe(id);
    },
  );

  test("a tag is named by vocabulary and name", () => {
    expect(fromCkan("tag", { name: "en" }).object.id).toBe(namedId("tag", null, "en"));
    expect(fromCkan("tag", { name: "en", vocabulary_id: A }).object.id).toBe(
      namedId("tag", A, "en"),
    );
    const { object, embedded } = fromCkan("tag", { name: "en", vocabulary_id: "languages" });
    const vocabulary = namedId("vocabulary", "languages");
    expect(object.content).toEqual({ name: "en", vocabulary_id: vocabulary });
    expect(embedded.map(({ id, type }) => ({ id, type }))).toEqual([
      { id: vocabulary, type: "vocabulary" },
    ]);
  });

  test("a membership is named by what it connects", () => {
    const input = { group_id: A, table_name: "user", table_id: "ida", capacity: "admin" };
    const { id, content } = fromCkan("membership", input).object;
    const object = namedId("user", "ida");
    expect(id).toBe(namedId("membership", A, "user", object));
    expect(content).toEqual({ group: A, table: "user", object, capacity: "admin" });
  });

  test("a resource is named by its package and content, and alike ones by an ordinal", () => {
    const resource = { name: "Levels", url: "https://data.example/a.csv" };
    const { resources } = content("package", { id: A, name: "a", resources: [resource, resource] });
    expect(resources).toEqual({
      [namedId(A, resource)]: { ...resource, position: positionAt(0) },
      [namedId(A, resource, 1)]: { ...resource, position: positionAt(1) },
    });
  });

  test("neither a UUID nor a name is refused", () => {
    expectRefusal(() => fromCkan("package", { title: "x" }), "INVALID_OBJECT", "/id");
    expectRefusal(() => fromCkan("package", { id: A, name: 7 }), "INVALID_OBJECT", "/name");
    expectRefusal(() => fromCkan("package", { name: "" }), "INVALID_OBJECT", "/name");
    const tagless = { name: "a", tags: [{ name: "ok" }, {}] };
    expectRefusal(() => fromCkan("package", tagless), "INVALID_OBJECT", "/tags/1");
    expectRefusal(() => fromCkan("membership", { group: A }), "INVALID_OBJECT", "/id");
    expectRefusal(() => fromCkan("package", { id: A }), "INVALID_OBJECT", "");
  });
});

describe("the owner", () => {
  const owner = (input: JsonObject) => content("package", { name: "a", ...input }).owner_org;

  test("is a UUID, wherever it is said", () => {
    const harbor = { name: "harbor" };
    expect(owner({ owner_org: A.toUpperCase() })).toBe(A);
    expect(owner({ owner_org: "harbor" })).toBe(namedId("organization", "harbor"));
    expect(owner({ owner_org: "harbor", organization: { ...harbor, id: A } })).toBe(A);
    expect(owner({ organization: harbor })).toBe(namedId("organization", "harbor"));
    expect(owner({ owner_org: A, organization: { ...harbor, id: B } })).toBe(A);
  });

  test("lends its UUID to an organization embedded without one", () => {
    const input = { name: "a", owner_org: A, organization: { name: "harbor" } };
    expect(fromCkan("package", input).embedded).toEqual([
      { id: A, type: "organization", content: { name: "harbor" } },
    ]);
  });

  test("is nobody when null or empty, whatever copy stands beside it", () => {
    expect(owner({ owner_org: null, organization: { name: "harbor" } })).toBeNull();
    expect(owner({ owner_org: "", organization: null })).toBe("");
    expect(owner({})).toBeUndefined();
  });
});

describe("what is dropped", () => {
  test.each(Object.keys(VOLATILE_FIELDS).filter((type) => type !== "default"))(
    "volatile fields and secrets of a %s",
    (type) => {
      const dropped = [...(VOLATILE_FIELDS[type] ?? []), ...SECRET_FIELDS];
      const noise = Object.fromEntries(dropped.map((field) => [field, null]));
      const kept = { ...NEEDED[type], name: "a", kept: 1 };
      expect(content(type, { ...noise, id: A, ...kept })).toEqual(kept);
    },
  );

  test("volatile fields and secrets inside members", () => {
    const noise = (fields: readonly string[]) =>
      Object.fromEntries([...fields, ...SECRET_FIELDS].map((field) => [field, "x"]));
    const stored = content("package", {
      name: "a",
      resources: [{ ...noise(RESOURCE_VOLATILE_FIELDS), id: A, cache_url: null }],
      relationships_as_object: [{ ...noise(RELATIONSHIP_VOLATILE_FIELDS), subject: B }],
      extras: VOLATILE_EXTRAS.map((key) => ({ key, value: "x" })),
      contact: { desk: "1", password: "x", inner: { apikey: "x" } },
    });
    expect(stored).toEqual({
      name: "a",
      resources: { [A]: { cache_url: null, position: positionAt(0) } },
      relationships_as_object: {
        [Object.keys(stored.relationships_as_object ?? {})[0] ?? ""]: { subject: B },
      },
      contact: { desk: "1" },
    });
  });

  test("empty objects and lists of members; null and other lists stay", () => {
    const input = { name: "a", tags: [], resources: null, notes: null, more: { x: {} }, list: [] };
    expect(content("package", input)).toEqual({ name: "a", notes: null, list: [] });
  });

  test("an empty list of relationships is kept, an absent one is not made", () => {
    const stored = content("package", { name: "a", relationships_as_subject: [] });
    expect(stored).toEqual({ name: "a", relationships_as_subject: [] });
  });
});

test("relationships are keyed by their ends, and counted through when those are the same", () => {
  const ends = { subject: A, object: B, type: "links_to" };
  const list = [
    { ...ends, comment: "1" },
    { ...ends, comment: "2" },
    { ...ends, comment: "1" },
  ];
  const stored = (relationships: JsonObject[]) =>
    content("package", { name: "a", relationships_as_subject: relationships });
  expect(Object.values(stored(list).relationships_as_subject ?? {})).toHaveLength(2);
  expect(stored([...list].reverse())).toEqual(stored(list));
});

describe("state", () => {
  test("active is not stored, deleted is the flag, others are kept", () => {
    expect(content("package", { name: "a", state: "active" })).toEqual({ name: "a" });
    expect(content("package", { name: "a", state: "deleted" })).toEqual({
      name: "a",
      "@deleted": true,
    });
    expect(content("user", { name: "a", state: "pending" })).toEqual({
      name: "a",
      state: "pending",
    });
  });

  test("of members: deleted resources are flagged, deleted tags and groups are none", () => {
    const gone = { name: "x", state: "deleted" };
    const stored = content("package", {
      name: "a",
      resources: [{ id: A, state: "deleted" }],
      tags: [gone],
      groups: [gone],
    });
    expect(stored).toEqual({
      name: "a",
      resources: { [A]: { position: positionAt(0), "@deleted": true } },
    });
  });
});

describe("embedded objects", () => {
  test("are objects of their own, each once, in one order", () => {
    const input = readFixture("packages.jsonl")[1] as JsonObject;
    const { object, embedded } = fromCkan("package", input);
    expect(embedded.map(({ type, content }) => `${type} ${content.name}`).sort()).toEqual([
      "group noise",
      "organization harbor-office",
      "tag Noise",
      "tag noise",
    ]);
    const reversed = { ...input, tags: [...(input.tags as JsonObject[])].reverse() };
    expect(fromCkan("package", reversed)).toEqual({ object, embedded });
  });

  test("a group and an organization may share a name", () => {
    expect(namedId("group", "harbor")).not.toBe(namedId("organization", "harbor"));
  });

  test("of two forms of one object the same one counts, whatever the order", () => {
    const groups = [
      { id: A, name: "x" },
      { id: A, name: "y" },
    ];
    const embedded = (list: JsonObject[]) =>
      fromCkan("package", { name: "a", groups: list }).embedded;
    expect(embedded(groups)).toEqual(embedded([...groups].reverse()));
  });

  test("what is given by id alone refers, and is not created", () => {
    const { object, embedded } = fromCkan("package", { name: "a", groups: [{ id: A }, B] });
    expect(object.content.groups).toEqual({ [A]: true, [B]: true });
    expect(embedded).toEqual([]);
  });

  test("a vocabulary's tags say which one they belong to", () => {
    const { object, embedded } = fromCkan("vocabulary", {
      id: A,
      name: "l",
      tags: [{ name: "en" }],
    });
    expect(object.content).toEqual({ name: "l" });
    expect(embedded.map((tag) => tag.content)).toEqual([{ name: "en", vocabulary_id: A }]);
  });
});

describe("what is refused", () => {
  const refused = (input: JsonObject, where: string, code = "INVALID_OBJECT" as const) =>
    expectRefusal(() => fromCkan("package", { name: "a", ...input }), code, where);

  test("an extra's key or a resource's id standing twice", () => {
    const twice = [
      { key: "k", value: "1" },
      { key: "k", value: "1" },
    ];
    refused({ extras: twice }, "/extras/1");
    refused({ resources: [{ id: A }, { id: A.toUpperCase() }] }, "/resources/1/id");
  });

  test("lists and members of another form", () => {
    refused({ tags: "water" }, "/tags");
    refused({ resources: [1] }, "/resources/0");
    refused({ extras: { ["k".repeat(1025)]: "1" } }, `/extras/${"k".repeat(1025)}`);
    expectRefusal(
      () => fromCkan("organization", { name: "o", groups: [{}] }),
      "INVALID_OBJECT",
      "/groups/0",
    );
    refused({ extras: [{ value: "1" }] }, "/extras/0/key");
    refused({ relationships_as_subject: [{ id: A }] }, "/relationships_as_subject/0");
  });

  test("reserved keys, wherever they stand", () => {
    const flag = { "@deleted": true };
    const at = (input: JsonObject, where: string) =>
      expectRefusal(() => fromCkan("package", { name: "a", ...input }), "FORBIDDEN_KEY", where);
    at(flag, "");
    at({ contact: flag }, "/contact");
    at({ list: [[flag]] }, "/list/0/0");
    at({ resources: [flag] }, "/resources/0");
    at({ extras: [{ key: "@deleted", value: true }] }, "/extras/0");
    at({ extras: [{ key: "__proto__", value: "x" }] }, "/extras/0");
    at({ organization: { name: "o", ...flag } }, "/organization");
  });
});

test("every object of the fixtures is valid once stored", () => {
  for (const input of readFixture("packages.jsonl")) {
    const { object, embedded } = fromCkan("package", input);
    for (const { type, content } of [object, ...embedded]) validateContent(type, content);
  }
});

test("a type that is not known is carried as it is", () => {
  const input = {
    id: A,
    name: "x",
    metadata_modified: "…",
    list: [1],
    map: { a: 1 },
    state: "active",
  };
  expect(content("showcase", input)).toEqual({ name: "x", list: [1], map: { a: 1 } });
});
