// Proves that a partial form replaces exactly the top-level fields it gives, as package_patch does.
import { describe, expect, test } from "vitest";
import { namedId, type ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { fromCkan, mergeCkan } from "../../src/catalog/index.ts";
import { expectRefusal, readFixture } from "./helpers.ts";

const { object } = fromCkan("package", readFixture("packages.jsonl")[0] as JsonObject);
const merge = (partial: JsonObject, current = object.content) =>
  mergeCkan("package", object.id, current, partial);

describe("mergeCkan", () => {
  test("nothing given, or only what is not stored: nothing changes", () => {
    expect(merge({}).content).toEqual(object.content);
    const noise = { id: object.id, num_tags: 9, metadata_modified: "2026-01-01T00:00:00" };
    expect(merge(noise)).toEqual({ content: object.content, embedded: [] });
  });

  test("a scalar is replaced, null included", () => {
    expect(merge({ title: null }).content).toEqual({ ...object.content, title: null });
  });

  test("short forms replace the list, and new tags are embedded", () => {
    const { content, embedded } = merge({ tags: ["water"], extras: { k: "v" }, groups: [] });
    const { groups: _groups, ...rest } = object.content;
    const water = namedId("tag", null, "water");
    expect(content).toEqual({ ...rest, tags: { [water]: true }, extras: { k: "v" } });
    expect(embedded).toEqual([{ id: water, type: "tag", content: { name: "water" } }]);
  });

  test("resources that are not given any more are flagged", () => {
    const { content } = merge({ resources: [] });
    const flags = Object.values(content.resources as JsonObject).map(
      (resource) => (resource as JsonObject)["@deleted"],
    );
    expect(flags).toEqual([true, true]);
  });

  test("state deletes, revives and marks drafts; other fields leave a deletion alone", () => {
    const deleted = merge({ state: "deleted" }).content;
    expect(deleted).toEqual({ ...object.content, "@deleted": true });
    expect(merge({ title: "T" }, deleted).content).toEqual({ ...deleted, title: "T" });
    const draft = merge({ state: "draft" }, deleted).content;
    expect(draft).toEqual({ ...object.content, state: "draft" });
    expect(merge({ state: "active" }, draft).content).toEqual(object.content);
  });

  test("the owner can be named, and removed", () => {
    expect(merge({ owner_org: "city" }).content.owner_org).toBe(namedId("organization", "city"));
    expect(merge({ owner_org: null }).content.owner_org).toBeNull();
  });

  test("other types work alike", () => {
    const id = namedId("tag", null, "x") as ObjectId;
    const { content } = mergeCkan("tag", id, { name: "x" }, { name: "y", display_name: "y" });
    expect(content).toEqual({ name: "y" });
  });

  test("refuses what reading refuses", () => {
    expectRefusal(() => merge({ tags: 1 }), "INVALID_OBJECT", "/tags");
    expectRefusal(() => merge({ "@deleted": true }), "FORBIDDEN_KEY", "");
  });
});
