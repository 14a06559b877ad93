// Proves what stored content is refused for, where, and that anything else passes.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { DOCUMENT_BYTES_MAX, KEY_CHARS_MAX } from "../../src/base/limits.ts";
import { schemaVersion, validateContent } from "../../src/catalog/index.ts";
import { expectRefusal } from "./helpers.ts";

describe("validateContent", () => {
  test.each<[string, JsonObject, string]>([
    ["package", {}, ""],
    ["package", { name: "" }, "/name"],
    ["package", { name: 7 }, "/name"],
    ["package", { name: "x", tags: ["a"] }, "/tags"],
    ["package", { name: "x", tags: { "a/b": false } }, "/tags/a~1b"],
    ["package", { name: "x", groups: "g" }, "/groups"],
    ["package", { name: "x", extras: [] }, "/extras"],
    ["package", { name: "x", resources: { r: "u" } }, "/resources/r"],
    ["package", { name: "x", resources: { r: { position: "a0" } } }, "/resources/r/position"],
    ["package", { name: "x", resources: { r: { position: 1 } } }, "/resources/r/position"],
    ["package", { name: "x", relationships_as_object: [1] }, "/relationships_as_object"],
    ["package", { name: "x", owner_org: 1 }, "/owner_org"],
    ["package", { name: "x", state: "deleted" }, "/state"],
    ["package", { name: "x", "@deleted": false }, "/@deleted"],
    ["package", { name: "x", a: { b: {} } }, "/a/b"],
    ["package", { name: "x", a: { ["k".repeat(KEY_CHARS_MAX + 1)]: 1 } }, "/a"],
    ["showcase", { name: "x", a: {} }, "/a"],
    ["tag", { name: "x", vocabulary_id: null }, "/vocabulary_id"],
    ["membership", { group: 1 }, "/group"],
    ["group", { name: "g", extras: "x" }, "/extras"],
  ])("refuses a %s %j", (type, content, where) => {
    expectRefusal(() => validateContent(type, content), "INVALID_OBJECT", where);
  });

  test("refuses keys that JavaScript gives a meaning to", () => {
    const content = JSON.parse('{"name":"x","a":{"__proto__":1}}') as JsonObject;
    expectRefusal(() => validateContent("package", content), "INVALID_OBJECT", "/a");
  });

  test("refuses a document over the limit, counted in bytes", () => {
    const fits = { name: "x", notes: "n".repeat(DOCUMENT_BYTES_MAX - 100) };
    expect(() => validateContent("package", fits)).not.toThrow();
    const wide = { name: "x", notes: "語".repeat(DOCUMENT_BYTES_MAX / 3) };
    expectRefusal(() => validateContent("package", wide), "INVALID_OBJECT", "");
  });

  test.each<[string, JsonObject]>([
    ["package", { name: "犬 & cat", title: null, coverage: [[1, 2]], contact: { desk: null } }],
    ["package", { name: "x", "@deleted": true, resources: { r: { "@deleted": true } } }],
    ["package", { name: "x", relationships_as_object: [], state: "draft" }],
    ["user", { name: "ida", fullname: null, state: "pending" }],
    ["showcase", { anything: [{}], goes: { here: 1 } }],
  ])("accepts a %s %j", (type, content) => {
    expect(() => validateContent(type, content)).not.toThrow();
  });

  test("every type is at version 1, unknown ones too", () => {
    expect(["package", "user", "showcase"].map((type) => schemaVersion(type))).toEqual([1, 1, 1]);
  });
});
