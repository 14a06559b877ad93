import type { Json } from "../../base/json.ts";
import type { ConflictItem } from "../../instance/conflicts/conflict-item.ts";
import { valueInWords } from "./conflict-words.ts";
import { diffLines } from "./line-diff.ts";
import type { Output } from "./output.ts";
import { stylesFor } from "./styles.ts";
import { printable, truncate } from "./text.ts";
import { counted } from "./units.ts";
import { wrap } from "./wrap.ts";

/** Texts that are longer than this are shown as what changed in them. */
const SHORT_TEXT_CHARS_MAX = 60;
const DIFF_LINES_MAX = 24;
const INDENT = "    ";

/** True for a text that does not fit on one line. */
export function isLongText(json: Json | undefined): json is string {
  return typeof json === "string" && (json.length > SHORT_TEXT_CHARS_MAX || json.includes("\n"));
}

/** A value on one line. */
export function briefValue(item: ConflictItem, json: Json | undefined, output: Output): string {
  return truncate(printable(valueInWords(item, json)), output.columns - 12);
}

/** A value on an indented line of its own; of a long text, what changed in it. */
export function describeValue(
  item: ConflictItem,
  json: Json | undefined,
  output: Output,
): string[] {
  const { base } = item;
  if (!isLongText(json) || (base !== undefined && typeof base !== "string")) {
    return [`${INDENT}${briefValue(item, json, output)}`];
  }
  const { good, bad, faint } = stylesFor(output);
  const style = { "+": good, "-": bad, " ": faint };
  const changes = base === undefined ? added(json) : diffLines(base, json);
  const rows = changes.flatMap(({ sign, text }) =>
    folded(`${sign} `, text, sign === " ", output).map(style[sign]),
  );
  const rest = rows.length - DIFF_LINES_MAX;
  if (rest <= 0) return rows;
  const note = `${INDENT}… ${counted(rest, "more line")}; --json shows all`;
  return [...rows.slice(0, DIFF_LINES_MAX), faint(note)];
}

function added(text: string): ReturnType<typeof diffLines> {
  return text.split("\n").map((line) => ({ sign: "+", text: line }));
}

/** A line of text in the columns there are; what did not change is cut. */
function folded(sign: string, text: string, isCut: boolean, { columns }: Output): string[] {
  const width = columns - INDENT.length - sign.length;
  const line = printable(text);
  const [first = "", ...more] = isCut ? [truncate(line, width)] : wrap(line, width);
  const lines = [`${INDENT}${sign}${first}`, ...more.map((part) => `${INDENT}  ${part}`)];
  return lines.map((one) => one.trimEnd());
}
