// Proves that tables are aligned, never wider than the terminal, and that data in them can neither
// move the cursor nor break a line.
import { expect, test } from "vitest";
import { renderTable } from "../../src/cli/output/table.ts";
import { displayWidth } from "../../src/cli/output/text.ts";

const columns = [
  { title: "NAME" },
  { title: "SIZE", align: "right" as const },
  { title: "TITLE", shrinks: true },
];
const rows = [
  ["bus-stops", "12", "Bus stops"],
  ["air", "1,204", "Air quality, measured every hour at forty places in the city"],
];

test("aligns columns, numbers to the right", () => {
  expect(renderTable(columns, rows.slice(0, 1), { width: 80 })).toBe(
    "NAME       SIZE  TITLE\nbus-stops    12  Bus stops\n",
  );
});

test.each([80, 60, 40, 30, 20, 10])("no line is wider than %i columns", (width) => {
  const wide = [...rows, ["東京都公園", "7", "東京都の公園と庭園の一覧、毎年更新される"]];
  for (const line of renderTable(columns, wide, { width }).trimEnd().split("\n")) {
    expect(displayWidth(line)).toBeLessThanOrEqual(width);
  }
});

test("cuts the column that shrinks, and says so", () => {
  const text = renderTable(columns, rows, { width: 40 });
  expect(text).toContain("bus-stops     12  Bus stops\n");
  expect(text).toContain("air        1,204  Air quality, measured…\n");
});

test("makes control characters in data harmless", () => {
  const text = renderTable([{ title: "T" }], [["a\x1b[2Jb\nc\u202ed"]], { width: 80 });
  expect(text).toBe("T\na [2Jb c d\n");
});
