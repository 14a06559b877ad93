import { excerptOf } from "../../scenario/report/excerpt.ts";
import type { ScenarioResult } from "../../scenario/report/result.ts";
import type { FamilyRun } from "../../scenario/run/run-family.ts";
import type { Cli } from "../cli.ts";
import { shellWord } from "./shell-word.ts";
import { stylesFor } from "./styles.ts";
import { printable } from "./text.ts";
import { counted } from "./units.ts";

const INDENT = " ".repeat(7);

/** How results are told. */
export interface Telling {
  /** Played with real processes. */
  readonly real?: true;
  /** The whole timeline of what failed. */
  readonly timeline?: true;
}

/** The line that plays one run again, where the program was called now. */
export function replayLine(
  { program }: Pick<Cli, "program">,
  { real }: Telling,
  file: string,
  label: string,
): string {
  const how = real === true ? " --real" : "";
  // A file whose name begins like an option would be taken for one.
  const path = file.startsWith("-") ? `./${file}` : file;
  const words = `${shellWord(path)} --only ${shellWord(label)}`;
  return `${program} scenario run${how} ${words} --timeline`;
}

/** What came of one file, as `--json` tells it. */
export function resultDocument(cli: Cli, result: ScenarioResult, telling: Telling): object {
  const { labels, failed, ...rest } = result;
  return {
    ...rest,
    runs: labels.length,
    failed: failed.map(({ label, seed, failures }) => ({
      run: label,
      seed,
      failures,
      replay: replayLine(cli, telling, result.file, label),
    })),
  };
}

export function printResults(cli: Cli, results: readonly ScenarioResult[], telling: Telling): void {
  const { good, bad, faint } = stylesFor(cli.out);
  for (const { file, name, labels, failed, ms } of results) {
    const mark = failed.length === 0 ? good("ok  ") : bad("FAIL");
    const cost = faint(`${counted(labels.length, "run")}, ${ms} ms`);
    cli.out.write(`${mark} ${printable(name)}  ${faint(printable(file))}  ${cost}\n`);
    for (const one of failed) printFailed(cli, file, one, telling);
  }
  const failed = results.filter((one) => one.failed.length > 0).length;
  const runs = results.reduce((sum, { labels }) => sum + labels.length, 0);
  const total = `${counted(results.length, "scenario")}, ${counted(runs, "run")}`;
  cli.out.write(`${total}, ${failed} failed\n`);
}

function printFailed(cli: Cli, file: string, run: FamilyRun, telling: Telling): void {
  const { bad, faint } = stylesFor(cli.out);
  cli.out.write(`     ${printable(run.label)}\n`);
  for (const { at, message } of run.failures) {
    cli.out.write(`       ${bad(at)}  ${printable(message)}\n`);
  }
  const room = cli.out.columns - INDENT.length;
  const isWhole = telling.timeline === true;
  const shown = isWhole ? run.timeline.split("\n") : excerptOf(run.timeline, room);
  for (const line of shown) cli.out.write(`${INDENT}${faint(printable(line))}\n`);
  cli.out.write(`     seed: ${run.seed}\n`);
  cli.out.write(`     replay: ${replayLine(cli, telling, file, run.label)}\n`);
}
