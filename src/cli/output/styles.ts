import { styleText } from "node:util";
import type { Output } from "./output.ts";

/** The few styles of the command line, each with one meaning. */
export interface Styles {
  /** A heading or what matters most in a line. */
  readonly strong: (text: string) => string;
  /** What can be skipped when reading. */
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  /** Ids. */
  readonly id: (text: string) => string;
}

const plain: Styles = {
  strong: (text) => text,
  faint: (text) => text,
  good: (text) => text,
  bad: (text) => text,
  warning: (text) => text,
  id: (text) => text,
};

const colored: Styles = {
  strong: (text) => style("bold", text),
  faint: (text) => style("dim", text),
  good: (text) => style("green", text),
  bad: (text) => style("red", text),
  warning: (text) => style("yellow", text),
  id: (text) => style("cyan", text),
};

/** Colors where the output shows them, plain text elsewhere. */
export function stylesFor(output: Output): Styles {
  return output.hasColors ? colored : plain;
}

/** Whether to color is decided by the output alone, not by the process's own stdout. */
function style(format: "bold" | "dim" | "green" | "red" | "yellow" | "cyan", text: string): string {
  return styleText(format, text, { validateStream: false });
}
