// Proves that a difference of values is read line by line, that of long texts in them, too.
import { expect, test } from "vitest";
import { diffLines } from "../../src/scenario/run/value-diff.ts";

test("the lines of a text inside stand below each other", () => {
  const notes = (line: string): object => ({ notes: `one\n${line}\nthree`, path: "C:\\n" });
  expect(diffLines(notes("two"), notes("2"))).toEqual([
    '    "notes": "one',
    "-     two",
    "+     2",
    '      three",',
  ]);
});

test("equal values have none", () => {
  expect(diffLines({ a: 1 }, { a: 1 })).toEqual([]);
});
