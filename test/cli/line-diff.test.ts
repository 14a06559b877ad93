// Proves that a difference of texts spells both texts, and keeps the lines that they share.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type DiffLine, diffLines } from "../../src/cli/output/line-diff.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
  .map((l) => l.join("\n"));

function side(lines: readonly DiffLine[], sign: "-" | "+"): string {
  return lines
    .filter((line) => line.sign === sign || line.sign === " ")
    .map((l) => l.text)
    .join("\n");
}

test("taking one side of it gives that text again", () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const lines = diffLines(from, to);
      expect([side(lines, "-"), side(lines, "+")]).toEqual([from, to]);
    }),
  );
});

test("what both share stays, what was taken away comes first", () => {
  const spelled = (from: string, to: string) =>
    diffLines(from, to).map(({ sign, text }) => sign + text);
  expect(spelled("a\nb\nc\nd", "a\nx\nc\ny\nd")).toEqual([" a", "-b", "+x", " c", "+y", " d"]);
  expect(spelled("a", "a")).toEqual([" a"]);
});

test("texts too long to compare line by line are shown as replaced, between what they share", () => {
  const lines = (from: number) => Array.from({ length: 600 }, (_, n) => String(from + n));
  const [a, b] = [lines(0), lines(5000)].map((own) => ["same", ...own, "same"].join("\n"));
  const signs = diffLines(a as string, b as string).map(({ sign }) => sign);
  expect(signs.join("")).toBe(` ${"-".repeat(600)}${"+".repeat(600)} `);
});
