// Proves what replacing a document does to stored content: nothing when nothing changed, flags for
// missing units, hidden leaves kept, and the fewest moves that give the wanted order.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { fromCkan, replaceContent, toCkan } from "../../src/catalog/index.ts";
import { EMPTY } from "./helpers.ts";

const DELETED = "@deleted";
const replace = (current: JsonObject, desired: JsonObject) =>
  replaceContent("package", current, desired);
const ids = "abcdefgh"
  .split("")
  .map((letter) => `0a0a0a0a-0000-4000-8000-00000000000${"abcdefgh".indexOf(letter)}`);
const listed = (order: readonly number[]): JsonObject =>
  fromCkan("package", {
    name: "x",
    resources: order.map((index) => ({ id: ids[index] as string, name: `r${index}` })),
  }).object.content;
const orderOf = (content: JsonObject): number[] =>
  (toCkan("package", "x", content, EMPTY).resources as JsonObject[]).map(({ id }) =>
    ids.indexOf(id as string),
  );
const positionsOf = (content: JsonObject): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(content.resources as JsonObject).map(([id, resource]) => [
      ids.indexOf(id),
      (resource as JsonObject).position,
    ]),
  );

describe("leaves", () => {
  test("missing ones go, given ones stand, arrays whole", () => {
    const current = { name: "x", notes: "n", list: [1, 2], extras: { a: "1", b: "2" } };
    const desired = { name: "x", list: [2], extras: { b: "3" } };
    expect(replace(current, desired)).toEqual(desired);
  });

  test("without current it is the desired content itself", () => {
    const desired = { name: "x" };
    expect(replaceContent("package", undefined, desired)).toBe(desired);
  });

  test("a deleted object that is given again lives again", () => {
    expect(replace({ name: "x", [DELETED]: true }, { name: "x" })).toEqual({ name: "x" });
  });
});

describe("units", () => {
  const current = listed([0, 1]);
  const resource = (content: JsonObject, index: number): JsonObject =>
    (content.resources as JsonObject)[ids[index] as string] as JsonObject;

  test("a missing one is flagged and keeps its leaves", () => {
    const replaced = replace(current, listed([1]));
    expect(resource(replaced, 0)).toEqual({ ...resource(current, 0), [DELETED]: true });
    expect(resource(replaced, 1)).toEqual(resource(current, 1));
    expect(replace(current, { name: "x" }).resources).toEqual({
      [ids[0] as string]: { ...resource(current, 0), [DELETED]: true },
      [ids[1] as string]: { ...resource(current, 1), [DELETED]: true },
    });
  });

  test("one that reappears loses the flag", () => {
    const without = replace(current, listed([1]));
    expect(replace(without, current)).toEqual(current);
  });

  test("one that is given as deleted is flagged", () => {
    const desired = fromCkan("package", {
      name: "x",
      resources: [
        { id: ids[0] as string, state: "deleted" },
        { id: ids[1] as string, name: "r1" },
      ],
    }).object.content;
    expect(replace(current, desired)).toEqual(replace(current, listed([1])));
  });

  test("what is hidden stays hidden, also below other maps", () => {
    const hidden = { name: "x", a: { b: { c: 1, [DELETED]: true }, d: 1 } };
    expect(replace(hidden, { name: "x", a: { d: 2 } })).toEqual({
      name: "x",
      a: { b: { c: 1, [DELETED]: true }, d: 2 },
    });
    const inUnit = { resources: { r: { a: { b: 1, [DELETED]: true }, c: { d: 1 } } } };
    expect(replace(inUnit, { resources: { r: { e: 1 } } })).toEqual({
      resources: { r: { a: { b: 1, [DELETED]: true }, e: 1 } },
    });
    expect(replace(hidden, { name: "x" })).toEqual({
      name: "x",
      a: { b: { c: 1, [DELETED]: true } },
    });
  });

  test("relationships are flagged when the list is empty or gone, and an empty list can go", () => {
    const related = { name: "x", relationships_as_object: { k: { type: "links_to" } } };
    const flagged = { k: { type: "links_to", [DELETED]: true } };
    for (const desired of [{ name: "x", relationships_as_object: [] }, { name: "x" }]) {
      expect(replace(related, desired).relationships_as_object).toEqual(flagged);
    }
    expect(replace({ name: "x", relationships_as_object: [] }, { name: "x" })).toEqual({
      name: "x",
    });
  });
});

describe("the order of resources", () => {
  test("the same order keeps positions, whatever they are", () => {
    const moved = replace(listed([0, 1, 2]), listed([2, 0, 1]));
    expect(replace(moved, listed([2, 0, 1]))).toEqual(moved);
  });

  test("one that moves is the only one written", () => {
    const before = listed([0, 1, 2, 3, 4]);
    const after = replace(before, listed([0, 4, 1, 2, 3]));
    expect(orderOf(after)).toEqual([0, 4, 1, 2, 3]);
    const changed = Object.entries(positionsOf(after)).filter(
      ([index, position]) => positionsOf(before)[index] !== position,
    );
    expect(changed.map(([index]) => index)).toEqual(["4"]);
  });

  test("a removed one leaves the others where they are, and a new one comes between", () => {
    const before = listed([0, 1, 2]);
    const after = replace(before, listed([0, 3, 2]));
    expect(orderOf(after)).toEqual([0, 3, 2]);
    expect(positionsOf(after)).toMatchObject({ ...positionsOf(before), 3: expect.any(String) });
  });

  test("equal positions are told apart when something must come between", () => {
    const before: JsonObject = {
      name: "x",
      resources: Object.fromEntries(
        [0, 1].map((index) => [ids[index], { name: `r${index}`, position: "a0V" }]),
      ) as JsonObject,
    };
    expect(replace(before, before)).toEqual(before);
    expect(orderOf(replace(before, listed([0, 2, 1])))).toEqual([0, 2, 1]);
    expect(orderOf(replace(before, listed([1, 0])))).toEqual([1, 0]);
  });

  test("resources without a position stay without one while nobody orders them", () => {
    const loose = { name: "x", resources: { [ids[0] as string]: { name: "r" } } };
    expect(replace(loose, loose)).toEqual(loose);
  });
});
