// Proves what a person may write into the fields of each type, that unknown fields and what the
// world's catalogs hold are let through, and that a dump is asked for less.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { KNOWN_TYPES, validateWritten } from "../../src/catalog/index.ts";
import { expectRefusal } from "./helpers.ts";

const ID = "0a0a0a0a-0000-4000-8000-00000000000a";
const resource = (fields: JsonObject): JsonObject => ({ resources: { [ID]: fields } });

const unfit: readonly [string, JsonObject, string][] = [
  ["package", { name: 7 }, "/name"],
  ["package", { name: "" }, "/name"],
  ["package", { private: "maybe" }, "/private"],
  ["package", { private: 1 }, "/private"],
  ["package", { state: "active" }, "/state"],
  ["package", { state: 1 }, "/state"],
  ["package", { id: ID }, "/id"],
  ["package", { title: 2024 }, "/title"],
  ["package", { title: {} }, "/title"],
  ["package", { title: { de: 1 } }, "/title"],
  ["package", { notes: ["a"] }, "/notes"],
  ["package", { version: 1.5 }, "/version"],
  ["package", { author_email: false }, "/author_email"],
  ["package", { owner_org: "harbor" }, "/owner_org"],
  ["package", { owner_org: 1 }, "/owner_org"],
  ["package", { extras: "x" }, "/extras"],
  ["package", { extras: { x: {} } }, "/extras/x"],
  ["package", { extras: { "a/b": 12 } }, "/extras/a~1b"],
  ["package", { extras: { x: null } }, "/extras/x"],
  ["package", { tags: ["water"] }, "/tags"],
  ["package", { tags: { water: true } }, "/tags/water"],
  ["package", { tags: { [ID]: 1 } }, `/tags/${ID}`],
  ["package", { tags: { [ID.toUpperCase()]: true } }, `/tags/${ID.toUpperCase()}`],
  ["package", { groups: { health: true } }, "/groups/health"],
  ["package", { resources: [] }, "/resources"],
  ["package", { resources: { notauuid: { url: "u" } } }, "/resources/notauuid"],
  ["package", { resources: { [ID]: "u" } }, `/resources/${ID}`],
  ["package", resource({ url: 5 }), `/resources/${ID}/url`],
  ["package", resource({ description: 5 }), `/resources/${ID}/description`],
  ["package", resource({ id: ID }), `/resources/${ID}/id`],
  ["package", resource({ position: 1 }), `/resources/${ID}/position`],
  ["package", resource({ position: "a0" }), `/resources/${ID}/position`],
  ["package", { relationships_as_subject: { a: { type: "x" } } }, "/relationships_as_subject/a"],
  ["package", { relationships_as_object: [1] }, "/relationships_as_object"],
  ["group", { description: 5 }, "/description"],
  ["group", { extras: { x: 5 } }, "/extras/x"],
  ["organization", { groups: { city: 1 } }, "/groups/city"],
  ["organization", { image_url: 5 }, "/image_url"],
  ["tag", { vocabulary_id: "words" }, "/vocabulary_id"],
  ["tag", { vocabulary_id: null }, "/vocabulary_id"],
  ["user", { fullname: 5 }, "/fullname"],
  ["membership", { group: "harbor" }, "/group"],
  ["membership", { capacity: 1 }, "/capacity"],
  ["role", { role: "member" }, "/role"],
  ["role", { role: 1 }, "/role"],
  ["role", { capacity: "admin" }, "/capacity"],
  ["role", { user: "ida" }, "/user"],
  ["role", { group: 1 }, "/group"],
  ["role", { object: "quay" }, "/object"],
  ["rating", { rating: 0 }, "/rating"],
  ["rating", { rating: 6 }, "/rating"],
  ["rating", { rating: 2.5 }, "/rating"],
  ["rating", { rating: "4" }, "/rating"],
  ["rating", { rating: null }, "/rating"],
  ["rating", { user: "ida" }, "/user"],
];

describe("a person", () => {
  test.each(unfit)("may not write a %s %j", (type, written, where) => {
    expectRefusal(() => validateWritten(type, written, "person"), "INVALID_OBJECT", where);
  });

  test("is told what was expected and what to do", () => {
    expect(() => validateWritten("package", { private: "maybe" }, "person")).toThrow(
      expect.objectContaining({
        message: "not a valid package: expected true or false",
        hint: "write it without quotes",
      }),
    );
  });

  test.each<[string, JsonObject]>([
    ["package", { name: "犬 & cat", title: null, private: false, owner_org: ID }],
    ["package", { title: { de: "Hafen", fr: "Port" }, notes: { de: "Alles" }, owner_org: null }],
    ["package", { "@deleted": true, resources: { [ID]: { "@deleted": true } } }],
    ["package", { state: "draft", relationships_as_object: [], type: "harvest" }],
    ["package", { coverage: [[1, 2]], contact: { desk: null }, spatial: { a: { b: 1 } } }],
    ["package", { tags: { [ID]: true }, groups: { [ID]: true }, extras: { "": "", 犬: "x" } }],
    ["package", resource({ size: 5, position: "a0V", schema: { fields: ["a"] }, url: null })],
    ["package", { relationships_as_subject: { [ID]: { subject: "a", type: "depends_on" } } }],
    ["organization", { groups: { city: true, [ID]: "public" }, title: "City" }],
    ["role", { table: "package", object: ID, user: ID, role: "admin", until: 2030 }],
    ["rating", { user: ID, package: ID, rating: 5 }],
    ["user", { name: "ida", fullname: null, state: "pending", interests: ["tides"] }],
    ["showcase", { title: 5, private: "maybe", extras: { x: { y: 1 } } }],
  ])("may write a %s %j", (type, written) => {
    expect(() => validateWritten(type, written, "person")).not.toThrow();
  });

  test("may write fields that are not known, in any form", () => {
    for (const type of KNOWN_TYPES) {
      for (const value of [1, null, true, "x", [{}], { a: { b: [] } }]) {
        expect(() => validateWritten(type, { site_added: value }, "person")).not.toThrow();
      }
    }
  });
});

describe("a dump", () => {
  test.each<[string, JsonObject]>([
    ["package", { title: 2024, version: 1.5, extras: { x: { y: 1 }, n: 12, z: null } }],
    ["package", { private: null, resources: { r: { url: 5 } }, owner_org: "harbor" }],
    ["group", { extras: { x: 5 }, groups: { city: 1 } }],
    ["user", { fullname: 5 }],
    ["role", { role: "anon_editor" }],
    ["rating", { rating: 3.5 }],
  ])("may hold a %s %j", (type, written) => {
    expect(() => validateWritten(type, written, "dump")).not.toThrow();
  });

  test("may not leave open who may see a package", () => {
    const act = () => validateWritten("package", { private: "maybe" }, "dump");
    expectRefusal(act, "INVALID_OBJECT", "/private");
  });

  test("may not rate beyond the scale", () => {
    for (const rating of [0.5, 5.1, "4", null]) {
      const act = () => validateWritten("rating", { rating }, "dump");
      expectRefusal(act, "INVALID_OBJECT", "/rating");
    }
  });
});
