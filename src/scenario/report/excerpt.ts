/** Lines of a timeline before what failed, and characters of each, that a report shows. */
const LINES_SHOWN = 12;
const LINE_CHARS_SHOWN = 160;

/** A line of the diff that comes with a failure. */
const DIFF = / \* +\| /;

/** What went on before the first thing that failed, and how it differs: one looks there first. */
export function excerptOf(timeline: string): readonly string[] {
  const lines = timeline.split("\n");
  const failed = lines.findIndex((line) => / (FAILED|VIOLATION) /.test(line));
  const end = failed < 0 ? lines.length : failed + 1;
  const after = lines.slice(end).findIndex((line) => !DIFF.test(line));
  const diffEnd = after < 0 ? lines.length : end + after;
  return lines.slice(Math.max(0, end - LINES_SHOWN), diffEnd).map((line) => {
    return line.length > LINE_CHARS_SHOWN ? `${line.slice(0, LINE_CHARS_SHOWN - 1)}…` : line;
  });
}
