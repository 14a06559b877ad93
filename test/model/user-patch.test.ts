// Proves that a person's patch does what RFC 6902 says, on maps, and never changes its input.
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { applyUserPatch } from "../../src/model/user-patch.ts";
import { uuid, VISIBLE_DOCUMENT } from "../hostile/case.ts";

function deepFreeze(value: Json): void {
  if (value === null || typeof value !== "object") return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member as Json);
}

function apply(...patch: readonly Json[]): JsonObject {
  deepFreeze(VISIBLE_DOCUMENT);
  deepFreeze(patch);
  return applyUserPatch(VISIBLE_DOCUMENT, patch);
}

const { name, title, extras, tags, spatial } = VISIBLE_DOCUMENT as { [key: string]: JsonObject };

describe("applyUserPatch", () => {
  test("does nothing when nothing is asked", () => {
    expect(apply()).toEqual(VISIBLE_DOCUMENT);
    expect(apply()).not.toBe(VISIBLE_DOCUMENT);
  });

  test("adds, replaces, removes", () => {
    expect(
      apply(
        { op: "add", path: "/notes", value: "Long" },
        { op: "add", path: "/title", value: "Lakes" },
        { op: "replace", path: "/extras/a~1b", value: "y" },
        { op: "remove", path: "/extras/area" },
      ),
    ).toEqual({ name, title: "Lakes", notes: "Long", extras: { "a/b": "y" }, tags, spatial });
  });

  test("moves and copies, whole maps too", () => {
    expect(
      apply(
        { op: "copy", from: "/extras", path: "/more" },
        { op: "move", from: "/extras/area", path: "/more/size" },
        { op: "move", from: "/title", path: "/title" },
        { op: "add", path: "/more/area", value: "13" },
      ),
    ).toEqual({
      name,
      title,
      extras: { "a/b": "x" },
      more: { area: "13", "a/b": "x", size: "12" },
      tags,
      spatial,
    });
  });

  test("goes on when its tests hold", () => {
    const tests = [
      { op: "test", path: "", value: VISIBLE_DOCUMENT },
      { op: "test", path: "/spatial", value: spatial as Json },
      { op: "test", path: "/extras", value: { "a/b": "x", area: "12" } },
    ];
    expect(apply(...tests, { op: "remove", path: "/spatial" })).toEqual({
      name,
      title,
      extras,
      tags,
    });
  });

  test("leaves no empty map behind", () => {
    const patch = [
      { op: "remove", path: `/tags/${uuid(50)}` },
      { op: "add", path: "/x", value: { y: { z: {} }, list: [{}] } },
    ];
    expect(apply(...patch)).toEqual({ name, title, extras, spatial, x: { list: [{}] } });
  });

  test("tells which empty maps it was given and left out", () => {
    const told: string[] = [];
    const patch = [
      { op: "remove", path: "/tags" },
      { op: "add", path: "/x", value: { "a/b": {}, y: { z: {} }, list: [{}] } },
      { op: "add", path: "/filled", value: {} },
      { op: "add", path: "/filled/a", value: 1 },
      { op: "add", path: "/emptied", value: { a: 1 } },
      { op: "remove", path: "/emptied/a" },
      { op: "copy", from: "/x/y", path: "/copied" },
    ];
    applyUserPatch(VISIBLE_DOCUMENT, patch, (path) => told.push(path));
    expect(told).toEqual(["/x/a~1b", "/x/y/z", "/copied/z"]);
  });

  test("can build a map step by step, each value its own", () => {
    const shared = { a: "1" };
    const patch = [
      { op: "add", path: "/x", value: {} },
      { op: "add", path: "/x/y", value: shared },
      { op: "add", path: "/x/z", value: shared },
      { op: "replace", path: "/x/y/a", value: "2" },
    ];
    expect(apply(...patch).x).toEqual({ y: { a: "2" }, z: { a: "1" } });
    expect(shared).toEqual({ a: "1" });
  });

  test("can replace the whole document by another", () => {
    expect(apply({ op: "replace", path: "", value: { name: "new" } })).toEqual({ name: "new" });
    expect(apply({ op: "copy", from: "/extras", path: "" })).toEqual(extras);
  });

  test("takes a dash that is a key", () => {
    const document = { extras: { "-": "dash" } };
    const patch = [{ op: "replace", path: "/extras/-", value: "minus" }];
    expect(applyUserPatch(document, patch)).toEqual({ extras: { "-": "minus" } });
  });

  test("says which operation failed, and where", () => {
    const patch = [
      { op: "test", path: "/name", value: "rivers" },
      { op: "test", path: "/title", value: "Lakes" },
    ];
    expect(() => apply(...patch)).toThrowError(
      expect.objectContaining({ code: "INVALID_PATCH", where: 'operation 1 at "/title"' }),
    );
  });

  test("says how to name a member of a list", () => {
    expect(() => apply({ op: "remove", path: "/spatial/0" })).toThrowError(
      expect.objectContaining({ hint: expect.stringContaining("id or key") }),
    );
    expect(() => apply({ op: "remove", path: "/tags/0" })).toThrowError(
      expect.objectContaining({ hint: expect.stringContaining("not a position") }),
    );
  });
});
