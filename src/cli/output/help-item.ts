import type { Help } from "commander";
import { displayWidth, pad } from "./text.ts";
import { wrap } from "./wrap.ts";

/** Columns that a description needs to be readable beside its term. */
const BESIDE_MIN = 28;
const INDENT = "  ";
const GAP = "  ";

/** One entry of a help list: its description beside the term where there is room, else below it. */
export function helpItem(term: string, termWidth: number, text: string, help: Help): string {
  const width = help.helpWidth ?? 80;
  const beside = INDENT.length + termWidth + GAP.length;
  if (width - beside >= BESIDE_MIN) {
    const lines = wrap(text, width - beside).join(`\n${" ".repeat(beside)}`);
    return `${INDENT}${pad(term, termWidth)}${GAP}${lines}`.trimEnd();
  }
  const below = INDENT.repeat(3);
  return [
    INDENT + term,
    ...wrap(text, width - displayWidth(below)).map((line) => below + line),
  ].join("\n");
}
