// Proves that a CKAN form which a person wrote is refused where a part of it would vanish.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { checkForm } from "../../src/catalog/index.ts";
import { expectRefusal, readFixture } from "./helpers.ts";

describe("checkForm", () => {
  test.each<[JsonObject, string]>([
    [{ id: "parks" }, "/id"],
    [{ id: 5 }, "/id"],
    [{ state: 5 }, "/state"],
    [{ vocabulary_id: 5 }, "/vocabulary_id"],
    [{ resources: [{}, { id: "r1" }] }, "/resources/1/id"],
    [{ tags: ["water", { id: "t", name: "water" }] }, "/tags/1/id"],
    [{ groups: [{ id: "health" }] }, "/groups/0/id"],
    [{ extras: [{ key: "x", value: {} }] }, "/extras/0/value"],
    [{ extras: { "a/b": {} } }, "/extras/a~1b"],
  ])("refuses %j", (form, where) => {
    expectRefusal(() => checkForm(form), "INVALID_OBJECT", where);
  });

  test("takes what CKAN gives, and the short forms", () => {
    const forms = [...readFixture("packages.jsonl"), ...readFixture("others.jsonl")];
    for (const form of forms) expect(() => checkForm(form)).not.toThrow();
    checkForm({ id: "", tags: ["water"], groups: ["health"], extras: { a: "1" }, resources: null });
  });
});
