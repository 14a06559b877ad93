// Proves how stored content is printed in CKAN's form: lists in an order that content alone gives,
// nothing deleted and nothing dangling, and every line of an export readable again.
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import {
  detectType,
  fromCkan,
  KNOWN_TYPES,
  type ReferenceLookup,
  toCkan,
} from "../../src/catalog/index.ts";
import { EMPTY, lookupIn, readFixture, thereAndBack } from "./helpers.ts";

const ID = "0a0a0a0a-0000-4000-8000-00000000000a";
const lists = { tags: [], groups: [], extras: [], resources: [] };

describe("lists", () => {
  test("are always there, relationships only when they were", () => {
    expect(toCkan("package", ID, { name: "a" }, EMPTY)).toEqual({
      id: ID,
      name: "a",
      state: "active",
      ...lists,
    });
    const printed = thereAndBack("package", { name: "a", relationships_as_object: [] });
    expect(printed.relationships_as_object).toEqual([]);
  });

  test("resources stand by position, then id, those without a position last", () => {
    const resources = {
      d: { name: "4" },
      c: { name: "3", position: "a1V" },
      b: { name: "2", position: "a0V" },
      a: { name: "1", position: "a0V" },
      hidden: { name: "0", position: "1", "@deleted": true },
    };
    expect(toCkan("package", ID, { name: "a", resources }, EMPTY).resources).toEqual([
      { id: "a", name: "1" },
      { id: "b", name: "2" },
      { id: "c", name: "3" },
      { id: "d", name: "4" },
    ]);
  });

  test("tags, groups and extras stand in order, in the short form", () => {
    const input = {
      name: "a",
      tags: [{ name: "b" }, { name: "a", vocabulary_id: ID }, { name: "a", display_name: "A" }],
      groups: [{ name: "z" }, { id: ID, name: "y", title: "Y" }],
      extras: { b: "2", a: "1" },
    };
    expect(thereAndBack("package", input)).toMatchObject({
      tags: [{ name: "a" }, { name: "a", vocabulary_id: ID }, { name: "b" }],
      groups: [{ id: ID, name: "y" }, { name: "z" }],
      extras: [
        { key: "a", value: "1" },
        { key: "b", value: "2" },
      ],
    });
  });
});

describe("tags", () => {
  const other = "0a0a0a0a-0000-4000-8000-00000000000b";
  const printed = (...tags: readonly JsonObject[]) =>
    thereAndBack("package", { name: "a", tags }).tags;

  test("whose id follows from vocabulary and name are printed by these", () => {
    const tags = [{ name: "a" }, { name: "a", vocabulary_id: ID }, { name: "A" }];
    expect(printed(...tags)).toEqual([{ name: "A" }, { name: "a" }, tags[1]]);
  });

  test("with an id of their own carry it, as CKAN prints them", () => {
    const free = { id: ID, name: "a", state: "active", vocabulary_id: null };
    const bound = { id: other, name: "a", state: "active", vocabulary_id: ID };
    expect(printed({ ...bound, display_name: "a" }, { name: "a" }, free)).toEqual([
      { name: "a" },
      free,
      bound,
    ]);
  });

  test("of one name are told apart by their ids", () => {
    const twice = [other, ID].map((id) => ({ id, name: "a" }));
    expect(printed(...twice)).toMatchObject([{ id: ID }, { id: other }]);
  });

  test("that were renamed keep their id", () => {
    const { object, embedded } = fromCkan("package", { name: "a", tags: [{ name: "t" }] });
    const [tag] = embedded as [(typeof embedded)[0]];
    const renamed = lookupIn([{ ...tag, content: { name: "tee" } }]);
    const form = toCkan("package", object.id, object.content, renamed);
    expect(form.tags).toEqual([{ id: tag.id, name: "tee", state: "active", vocabulary_id: null }]);
    expect(fromCkan("package", form).object.content.tags).toEqual(object.content.tags);
  });

  test("of a vocabulary that is no text are printed as free", () => {
    const { object } = fromCkan("package", { name: "a", tags: [{ id: ID, name: "t" }] });
    const content = { name: "t", vocabulary_id: { toString: "x" } };
    const lookup = lookupIn([{ id: ID as ObjectId, type: "tag", content }]);
    const [tag] = toCkan("package", object.id, object.content, lookup).tags as JsonObject[];
    expect(tag).toEqual({ id: ID, name: "t", state: "active", vocabulary_id: null });
  });

  test("in another state say so", () => {
    const [tag] = printed({ name: "a", state: "pending" }) as readonly JsonObject[];
    expect(tag).toMatchObject({ id: expect.any(String), state: "pending" });
  });
});

describe("what is not shown", () => {
  const { object, embedded } = fromCkan("package", {
    name: "a",
    owner_org: "harbor",
    organization: { name: "harbor" },
    tags: [{ name: "t" }],
    groups: [{ name: "g" }],
  });

  test("references to objects that are not here", () => {
    expect(toCkan("package", ID, object.content, EMPTY)).toEqual({
      id: ID,
      name: "a",
      owner_org: null,
      state: "active",
      ...lists,
    });
  });

  test("references to deleted objects", () => {
    const flagged = embedded.map((one) => ({
      ...one,
      content: { ...one.content, "@deleted": true },
    }));
    expect(toCkan("package", ID, object.content, lookupIn(flagged))).toEqual(
      toCkan("package", ID, object.content, EMPTY),
    );
  });

  test("flagged maps at any depth; the object itself says so in its state", () => {
    const content = { name: "a", x: { y: { z: 1, "@deleted": true } }, "@deleted": true };
    expect(toCkan("package", ID, content, EMPTY)).toEqual({
      id: ID,
      name: "a",
      state: "deleted",
      ...lists,
    });
  });
});

test("a parent in a hierarchy keeps its name and capacity", () => {
  const groups = [{ name: "port-city", capacity: "public" }, { name: "other" }];
  expect(thereAndBack("organization", { name: "harbor", groups }).groups).toEqual([
    { name: "other" },
    { name: "port-city", capacity: "public" },
  ]);
});

test("a parent given by id is named while it is here, and hidden otherwise", () => {
  const { object } = fromCkan("group", { name: "quays", groups: [ID, { id: ID.toUpperCase() }] });
  expect(object.content.groups).toEqual({ [ID]: true });
  const parent = (content: JsonObject) =>
    lookupIn([{ id: ID as ObjectId, type: "group", content }]);
  const groups = (lookup: ReferenceLookup) =>
    toCkan("group", object.id, object.content, lookup).groups;
  expect(groups(parent({ name: "harbor" }))).toEqual([{ id: ID, name: "harbor" }]);
  // A newer version, or a peer's habit, may have made a map of it, with any key.
  expect(groups(parent({ name: { toString: "x" } }))).toEqual([{ id: ID, name: null }]);
  expect(groups(parent({ name: "harbor", "@deleted": true }))).toEqual([]);
  expect(groups(EMPTY)).toEqual([]);
});

test("every type can be told from its line in an export, and read again", () => {
  const seen = new Set<string>();
  const inputs = [...readFixture("packages.jsonl"), ...readFixture("others.jsonl")];
  for (const input of inputs) {
    const type = detectType(input);
    seen.add(type);
    const printed = thereAndBack(type, input);
    expect(detectType(printed)).toBe(type);
    const { object } = fromCkan(type, input);
    const again = fromCkan(type, printed).object;
    expect(again.id).toBe(object.id);
    if (type !== "package") expect(again.content).toEqual(object.content);
  }
  expect([...seen].sort()).toEqual([...KNOWN_TYPES].sort());
});

test("what CKAN dumps is told by its fields", () => {
  const detected = (input: JsonObject): string => detectType(input);
  expect(detected({ name: "a", is_organization: true, notes: "" })).toBe("organization");
  expect(detected({ name: "a", type: "group" })).toBe("group");
  expect(detected({ name: "a", fullname: null, about: null })).toBe("user");
  expect(detected({ name: "a", type: "showcase", title: "A" })).toBe("package");
  expect(detected({ name: "a", type: "user", resources: [] })).toBe("package");
  expect(detected({ id: ID, name: "a", tags: [] })).toBe("package");
});
