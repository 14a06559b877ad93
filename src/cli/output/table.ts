import { displayWidth, pad, printable, truncate } from "./text.ts";

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly align?: "left" | "right";
  /** Gives way first when the table is too wide for the terminal. */
  readonly shrinks?: boolean;
  readonly style?: (text: string) => string;
}

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly indent?: string;
  readonly titleStyle?: (text: string) => string;
}

const GAP = "  ";
const SHRUNK_MIN = 8;

/**
 * Rows under titles, aligned, no line wider than `width`: columns that shrink are cut first, then
 * whatever stands at the end. Cells may be data; they are made printable here.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string {
  const cells = rows.map((row) => row.map(printable));
  const natural = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...cells.map((row) => displayWidth(row[i] ?? ""))),
  );
  const indent = options.indent ?? "";
  const widths = fitWidths(columns, natural, options.width - indent.length);
  const line = (row: readonly string[], isTitle: boolean): string => {
    const parts = columns.map((column, i) => {
      const width = widths[i] as number;
      const text = pad(truncate(row[i] ?? "", width), width, column.align);
      const style = isTitle ? options.titleStyle : column.style;
      return style === undefined || text.trim() === "" ? text : style(text);
    });
    return (indent + parts.filter((_, i) => (widths[i] as number) > 0).join(GAP)).trimEnd();
  };
  const titles = columns.map((column) => column.title);
  return [line(titles, true), ...cells.map((row) => line(row, false))].join("\n").concat("\n");
}

/** The widths of the columns so that they and the gaps between them fit. */
function fitWidths(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1)) - width;
  const order = [...columns.keys()].sort((a, b) => rank(b) - rank(a));
  for (const i of order) {
    if (excess <= 0) break;
    const cut = Math.min(excess, Math.max(0, (widths[i] as number) - SHRUNK_MIN));
    widths[i] = (widths[i] as number) - cut;
    excess -= cut;
  }
  for (let i = widths.length - 1; i > 0 && excess > 0; i--) {
    excess -= (widths[i] as number) + GAP.length;
    widths[i] = 0;
  }
  return widths;

  function rank(i: number): number {
    return (columns[i]?.shrinks ? columns.length : 0) + i;
  }
}
