/** Lines of a value that a diff shows at most; the rest is counted. */
const LINES_MAX = 12;

/** What was wanted and what is there, as lines of a diff; only what differs, and one line around it. */
export function diffLines(wanted: unknown, found: unknown): readonly string[] {
  const [a, b] = [linesOf(wanted), linesOf(found)];
  if (a.join("\n") === b.join("\n")) return [];
  const start = a.findIndex((line, at) => line !== b[at]);
  const from = start < 0 ? Math.min(a.length, b.length) : start;
  let same = 0;
  const isSame = (): boolean => a.at(-1 - same) === b.at(-1 - same);
  while (same < Math.min(a.length, b.length) - from && isSame()) same += 1;
  return [
    ...a.slice(Math.max(0, from - 1), from).map((line) => `  ${line}`),
    ...shortened(a.slice(from, a.length - same)).map((line) => `- ${line}`),
    ...shortened(b.slice(from, b.length - same)).map((line) => `+ ${line}`),
    ...a
      .slice(a.length - same)
      .slice(0, 1)
      .map((line) => `  ${line}`),
  ];
}

function linesOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  const text = typeof value === "string" && value.includes("\n") ? value : print(value);
  return text.split("\n");
}

/** As JSON, in which the lines of a text stand below each other. */
function print(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(/\\./g, (pair) => (pair === "\\n" ? "\n    " : pair));
}

function shortened(lines: readonly string[]): readonly string[] {
  const more = lines.length - LINES_MAX;
  return more > 1 ? [...lines.slice(0, LINES_MAX), `… ${more} more lines`] : lines;
}
