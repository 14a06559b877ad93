// Proves that what is shown of a run that failed leads to each failure, and fits a screen.
import { expect, test } from "vitest";
import { excerptOf } from "../../src/scenario/report/excerpt.ts";

const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at}`);

test("the lines before the first failure, and some before each later one", () => {
  const failed = "11:30:00.000  *  FAILED A has no package/pump";
  const shown = excerptOf([...lines(30), failed, ...lines(50), failed, "after"].join("\n"), 200);
  expect(shown.slice(0, 12)).toEqual([...lines(30).slice(19), failed]);
  expect(shown.slice(12)).toEqual(["…", "line 47", "line 48", "line 49", failed]);
});

test("not all of many failures", () => {
  const failed = "11:30:00.000  *  FAILED A has no package/pump";
  const timeline = Array.from({ length: 50 }, () => [...lines(5), failed]).flat();
  const shown = excerptOf(timeline.join("\n"), 200);
  expect(shown.length).toBeLessThan(50);
  expect(shown.filter((line) => line === failed).length).toBeGreaterThan(5);
});

test("with the diff that comes with it", () => {
  const failed = "11:30:00.000  *  FAILED A has no package/pump";
  const diff = ['11:30:00.000  *      | - "title": "Pump"', "11:30:00.000  *      | + {}"];
  const shown = excerptOf([...lines(30), failed, ...diff, failed, ...diff].join("\n"), 200);
  expect(shown.slice(-6)).toEqual([failed, ...diff, failed, ...diff]);
});

test("the last lines, when the run ended where it failed", () => {
  expect(excerptOf(lines(30).join("\n"), 200)[0]).toBe("line 18");
  expect(excerptOf("line 0\nline 1", 200)).toEqual(["line 0", "line 1"]);
});

test("what failed is not cut with the lines before it, which fit a terminal", () => {
  const failed = `11:30:00.000  *  FAILED ${"A has no package/pump ".repeat(8)}`;
  const diff = `11:30:00.000  *      | - "title": "${"Pump ".repeat(40)}"`;
  const shown = excerptOf(["x".repeat(100), failed, diff].join("\n"), 73);
  expect(shown).toEqual([`${"x".repeat(72)}…`, failed, diff]);
});

test("a broken invariant counts, and long lines are cut", () => {
  const broken = "10:00:00.000  *  VIOLATION equal-states: A and B";
  const [first, second, ...others] = excerptOf(
    [`${"x".repeat(500)}`, broken, "after"].join("\n"),
    200,
  );
  expect(first).toHaveLength(160);
  expect(first?.endsWith("…")).toBe(true);
  expect(second).toBe(broken);
  expect(others).toEqual([]);
});
