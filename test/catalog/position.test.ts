// Proves that fractional positions always leave room: between any two, below the first, above the
// last, a thousand times at one place.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareCodeUnits } from "../../src/base/canonical.ts";
import { isPosition, positionAt, positionBetween } from "../../src/catalog/index.ts";
import { positionsBetween } from "../../src/catalog/position.ts";

const DIGITS = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const positions = fc
  .array(fc.constantFrom(...DIGITS, "0", "z", "1"), { minLength: 1, maxLength: 8 })
  .map((digits) => digits.join(""))
  .filter(isPosition);

describe("positionAt", () => {
  test("is a fixed function", () => {
    expect([0, 1, 61, 62, 63, 3905, 3906].map(positionAt)).toEqual([
      "a0V",
      "a1V",
      "azV",
      "b00V",
      "b01V",
      "bzzV",
      "c000V",
    ]);
  });

  test("rises with the index", () => {
    fc.assert(
      fc.property(fc.nat(20_000_000), fc.nat(20_000_000), (a, b) => {
        fc.pre(a < b);
        expect(positionAt(a) < positionAt(b)).toBe(true);
      }),
    );
  });
});

describe("positionBetween", () => {
  test("lies strictly between, and is a position", () => {
    fc.assert(
      fc.property(positions, positions, (a, b) => {
        fc.pre(a !== b);
        const [low, high] = a < b ? [a, b] : [b, a];
        const between = positionBetween(low, high);
        expect(low < between && between < high && isPosition(between)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("has room at the open ends", () => {
    fc.assert(
      fc.property(positions, (position) => {
        const above = positionBetween(position, undefined);
        const below = positionBetween(undefined, position);
        expect(below < position && position < above).toBe(true);
        expect(isPosition(above) && isPosition(below)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(positionBetween(undefined, undefined)).toBe(positionAt(0));
  });

  test("takes a thousand inserts at one place", () => {
    for (const side of ["low", "high"] as const) {
      let low = positionAt(0);
      let high = positionAt(1);
      for (let count = 0; count < 1000; count++) {
        const between = positionBetween(low, high);
        expect(low < between && between < high).toBe(true);
        if (side === "low") low = between;
        else high = between;
      }
      expect(Math.max(low.length, high.length)).toBeLessThan(220);
    }
  });

  test("stays short when a thousand are appended, or put in front", () => {
    let last = positionBetween(undefined, undefined);
    let first = last;
    for (let count = 0; count < 1000; count++) {
      last = positionBetween(last, undefined);
      first = positionBetween(undefined, first);
    }
    expect(last).toBe(positionAt(1000));
    expect(first.length).toBeLessThan(25);
  });

  test("refuses what has no room between", () => {
    expect(() => positionBetween("a1", "a1")).toThrow(RangeError);
    expect(() => positionBetween("b", "a")).toThrow(RangeError);
    expect(() => positionBetween("a0", undefined)).toThrow(RangeError);
    expect(() => positionBetween(undefined, "位")).toThrow(RangeError);
  });
});

describe("positionsBetween", () => {
  const ends = fc.option(positions, { nil: undefined });

  test("rise from one end to the other, however many", () => {
    fc.assert(
      fc.property(ends, ends, fc.nat(300), (a, b, count) => {
        fc.pre(a === undefined || b === undefined || a !== b);
        const [low, high] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b];
        const between = positionsBetween(low, high, count);
        expect(between.length).toBe(count);
        expect(between.every(isPosition)).toBe(true);
        const all = [low, ...between, high].filter((end) => end !== undefined);
        expect(all).toEqual([...new Set(all)].sort(compareCodeUnits));
      }),
    );
  });

  test.each([
    ["a0V", "a1V"],
    [undefined, "a0V"],
    ["a0V", undefined],
    [undefined, undefined],
  ])("stay short between %s and %s", (low, high) => {
    const lengths = positionsBetween(low, high, 10_000).map((position) => position.length);
    expect(Math.max(...lengths)).toBeLessThan(9);
  });
});
