/** Lines of a timeline before what failed, and characters of each, that a report shows. */
const LINES_SHOWN = 12;
const LINE_CHARS_SHOWN = 160;
/** What failed is shown whole, up to this. */
const FAILED_CHARS_SHOWN = 1_000;

const FAILED = / (FAILED|VIOLATION) /;
/** A line of the diff that comes with a failure. */
const DIFF = / \* +\| /;

/**
 * What went on before the first thing that failed, and how it differs: one looks there first. Lines of
 * what went on fit into `columns`.
 */
export function excerptOf(timeline: string, columns: number): readonly string[] {
  const lines = timeline.split("\n");
  const failed = lines.findIndex((line) => FAILED.test(line));
  const end = failed < 0 ? lines.length : failed + 1;
  const after = lines.slice(end).findIndex((line) => !DIFF.test(line));
  const diffEnd = after < 0 ? lines.length : end + after;
  return lines.slice(Math.max(0, end - LINES_SHOWN), diffEnd).map((line) => {
    const isTold = FAILED.test(line) || DIFF.test(line);
    const most = isTold ? FAILED_CHARS_SHOWN : Math.min(LINE_CHARS_SHOWN, columns);
    return line.length > most ? `${line.slice(0, most - 1)}…` : line;
  });
}
