// Proves the small questions asked of stored content: what a reader sees, its name, what it refers
// to, and what the search index keeps.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import {
  fromCkan,
  isDeleted,
  nameOf,
  references,
  searchFields,
  visibleDocument,
} from "../../src/catalog/index.ts";
import { EMPTY, lookupIn, readFixture } from "./helpers.ts";

const [berths, , tides] = readFixture("packages.jsonl") as [JsonObject, JsonObject, JsonObject];

describe("visibleDocument", () => {
  test("leaves out flagged units at any depth, and maps that this empties", () => {
    const content = {
      name: "x",
      r: { a: { b: 1, "@deleted": true } },
      s: { t: { u: 1 } },
      l: [{}],
    };
    expect(visibleDocument(content)).toEqual({ name: "x", s: { t: { u: 1 } }, l: [{}] });
  });

  test("is undefined for a deleted object, and empty when all of it is hidden", () => {
    expect(visibleDocument({ name: "x", "@deleted": true })).toBeUndefined();
    expect(isDeleted({ name: "x", "@deleted": true })).toBe(true);
    expect(isDeleted({ name: "x" })).toBe(false);
    expect(visibleDocument({ r: { a: 1, "@deleted": true } })).toEqual({});
  });
});

test("nameOf gives the name, and nothing for what has none", () => {
  expect(nameOf("package", { name: "x" })).toBe("x");
  expect(nameOf("membership", { group: "g" })).toBeUndefined();
});

describe("references", () => {
  test("of a package: owner, groups, tags and related packages, each once", () => {
    const { object } = fromCkan("package", berths);
    expect(references("package", object.content).map(({ type }) => type)).toEqual([
      "organization",
      "group",
      "tag",
      "tag",
    ]);
    const related = references("package", fromCkan("package", tides).object.content);
    expect(related.filter(({ type }) => type === "package")).toHaveLength(2);
  });

  test("of other types", () => {
    const id = "0a0a0a0a-0000-4000-8000-00000000000a";
    expect(references("tag", { name: "x", vocabulary_id: id })).toEqual([
      { id, type: "vocabulary" },
    ]);
    expect(references("organization", { groups: { [id]: true, named: true } })).toEqual([
      { id, type: "organization" },
    ]);
    expect(references("membership", { group: id, table: "user", object: "u" })).toEqual([
      { id, type: "group" },
      { id: "u", type: "user" },
    ]);
    expect(references("showcase", { anything: id })).toEqual([]);
  });
});

describe("searchFields", () => {
  const { object, embedded } = fromCkan("package", berths);

  test("of a package", () => {
    const found = searchFields("package", object.content, lookupIn(embedded));
    expect(found).toMatchObject({
      name: "berths",
      title: "Berths and moorings",
      tags: ["berths", "depth"],
      groups: ["harbor"],
      organization: "harbor",
      state: "active",
    });
    for (const word of ["Surveyed", "GeoJSON", "0.1 m", "Harbor Board"]) {
      expect(found.text).toContain(word);
    }
  });

  test("leaves out what is not here, and says what is deleted or not finished", () => {
    const deleted = searchFields("package", { ...object.content, "@deleted": true }, EMPTY);
    expect(deleted).toMatchObject({ tags: [], groups: [], organization: null, state: "deleted" });
    expect(searchFields("user", { name: "i", fullname: "Ida", state: "pending" }, EMPTY)).toEqual({
      name: "i",
      title: "Ida",
      text: "",
      tags: [],
      groups: [],
      organization: null,
      state: "draft",
    });
  });
});
