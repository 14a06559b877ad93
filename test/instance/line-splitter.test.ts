// Proves that input is cut into lines at "\n" alone, wherever the chunks end, within bounds.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, LineSplitter } from "../../src/instance/importing/line-splitter.ts";

function split(text: string, size: number, bytesMax = 100): [number, string | null][] {
  const splitter = new LineSplitter(bytesMax);
  const bytes = Buffer.from(text);
  const found: Line[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    // A stream may use its buffer again after the chunk is taken.
    const chunk = Uint8Array.from(bytes.subarray(at, at + size));
    found.push(...[...splitter.push(chunk)].map(copied));
    chunk.fill(0x3f);
  }
  found.push(...[...splitter.end()].map(copied));
  return found.map((line) => [line.number, line.bytes && Buffer.from(line.bytes).toString()]);
}

function copied({ number, bytes }: Line): Line {
  return { number, bytes: bytes && Uint8Array.from(bytes) };
}

test("blank lines count but are left out; the last line needs no ending", () => {
  expect(split("a\n\n \t\nb\nc", 3)).toEqual([
    [1, "a"],
    [4, "b"],
    [5, "c"],
  ]);
  expect(split("", 1)).toEqual([]);
  expect(split("a\n", 1)).toEqual([[1, "a"]]);
});

test("\\r\\n ends a line, U+2028, U+2029 and U+0085 do not", () => {
  const text = "a\u2028b\u2029c\u0085d\r\ne\r\n";
  for (const size of [1, 2, 5, 100]) {
    expect(split(text, size)).toEqual([
      [1, "a\u2028b\u2029c\u0085d"],
      [2, "e"],
    ]);
  }
});

test("a line over the limit is named and dropped, the next one is whole again", () => {
  expect(split(`ok\n${"x".repeat(11)}\nnext\n${"y".repeat(10)}`, 4, 10)).toEqual([
    [1, "ok"],
    [2, null],
    [3, "next"],
    [4, "y".repeat(10)],
  ]);
});

test("chunks never matter", () => {
  const line = fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\n", ""));
  fc.assert(
    fc.property(fc.array(line), fc.integer({ min: 1, max: 30 }), (texts, size) => {
      const text = texts.join("\n");
      expect(split(text, size, 1000)).toEqual(split(text, text.length * 4 + 1, 1000));
    }),
  );
});
