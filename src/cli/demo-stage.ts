import type { Stage } from "../demo/stage.ts";
import type { Cli } from "./cli.ts";
import { describeStatus } from "./commands/status.ts";
import { explainConflict } from "./explain-conflict.ts";
import { describeObjects } from "./output/objects.ts";
import { startProgress } from "./output/progress.ts";
import { describeRun } from "./output/run.ts";
import { stylesFor } from "./output/styles.ts";
import { printable } from "./output/text.ts";
import { bytes } from "./output/units.ts";
import { wrap } from "./output/wrap.ts";

const COLUMNS_MAX = 80;
const INDENT = "   ";

/** Tells the tour on the terminal, at most 80 columns wide. */
export function terminalStage(cli: Cli): Stage {
  const { out, err, clock } = cli;
  const { strong, faint, good } = stylesFor(out);
  const width = Math.min(COLUMNS_MAX, out.columns);
  const narrow = { ...out, columns: width - INDENT.length };
  const block = (text: string): void => {
    out.write(
      text
        .trimEnd()
        .replace(/^(?=.)/gm, INDENT)
        .concat("\n"),
    );
  };
  let steps = 0;
  return {
    step(title) {
      steps++;
      out.write(`\n${strong(`${steps}. ${title}`)}\n`);
    },
    say(text) {
      const indent = steps === 0 ? "" : INDENT;
      const lines = wrap(printable(text), width - indent.length);
      out.write(lines.map((line) => `${indent}${line}\n`).join(""));
    },
    command(text) {
      out.write(`${INDENT}${faint("$")} ${printable(text)}\n`);
    },
    status: (view) => block(describeStatus(view, narrow, clock.nowMs())),
    async conflict(instance, item, folder) {
      block(await explainConflict(instance, item, { folder, out: narrow }));
    },
    run: (run) => out.write(`${INDENT}${good(describeRun(run))}\n`),
    progress: (label) => startProgress({ output: err, clock, label: INDENT + label }),
    objects: describeObjects,
    bytes,
  };
}
