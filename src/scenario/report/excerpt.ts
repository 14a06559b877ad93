/** Lines of a timeline before what failed first, and before what failed later, that a report shows. */
const LINES_SHOWN = 11;
const LATER_LINES_SHOWN = 3;
/** What failed later is left out beyond so many lines in all. */
const ALL_LINES_SHOWN = 40;
/** Characters of each line. */
const LINE_CHARS_SHOWN = 160;
/** What failed is shown whole, up to this. */
const FAILED_CHARS_SHOWN = 1_000;

const FAILED = / (FAILED|VIOLATION) /;
/** A line of the diff that comes with a failure. */
const DIFF = / \* +\| /;

/**
 * What went on before what failed, and how it differs: most of it before the first, since one looks
 * there first. Lines of what went on fit into `columns`; "…" stands for what is left out between.
 */
export function excerptOf(timeline: string, columns: number): readonly string[] {
  const lines = timeline.split("\n");
  const failed = lines.flatMap((line, at) => (FAILED.test(line) ? [at] : []));
  if (failed.length === 0) failed.push(lines.length - 1);
  const shown: string[] = [];
  let next: number | undefined;
  for (const at of failed) {
    if (shown.length >= ALL_LINES_SHOWN) break;
    const before = next === undefined ? LINES_SHOWN : LATER_LINES_SHOWN;
    const start = Math.max(next ?? 0, at - before);
    if (next !== undefined && start > next) shown.push("…");
    next = diffEnd(lines, at);
    shown.push(...lines.slice(start, next).map((line) => shortened(line, columns)));
  }
  return shown;
}

/** Where the diff ends that comes with a line. */
function diffEnd(lines: readonly string[], at: number): number {
  const after = lines.slice(at + 1).findIndex((line) => !DIFF.test(line));
  return after < 0 ? lines.length : at + 1 + after;
}

function shortened(line: string, columns: number): string {
  const isTold = FAILED.test(line) || DIFF.test(line);
  const most = isTold ? FAILED_CHARS_SHOWN : Math.min(LINE_CHARS_SHOWN, columns);
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
