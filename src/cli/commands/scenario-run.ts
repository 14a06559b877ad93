import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { playReal } from "../../scenario/real/play-real.ts";
import { unplayable } from "../../scenario/real/playable.ts";
import { excerptOf } from "../../scenario/report/excerpt.ts";
import { junitReport } from "../../scenario/report/junit.ts";
import type { ScenarioResult } from "../../scenario/report/result.ts";
import { playAll } from "../../scenario/run/play-all.ts";
import type { FamilyRun } from "../../scenario/run/run-family.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { asFileError } from "../input/open-input.ts";
import { type ScenarioFile, scenarioFiles } from "../input/scenario-files.ts";
import { EXIT_INTERRUPTED, interruptible } from "../interrupt.ts";
import { EXIT_FAILED } from "../output/failure.ts";
import { commandProgress } from "../output/progress.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";
import { counted } from "../output/units.ts";

interface Options {
  readonly only?: string;
  readonly real?: true;
  readonly wherePossible?: true;
  readonly timeline?: true;
  readonly junit?: string;
}

export function addScenarioRun(scenario: Command, cli: Cli): void {
  scenario
    .command("run")
    .description("play scenarios in the simulated world; exit code 1 when one fails")
    .argument("<paths...>", "scenario files, or folders of them")
    .option("--real", "play with real processes on this machine instead, which takes seconds")
    .option(
      "--where-possible",
      "with --real: leave out files that only the simulated world can play",
    )
    .option("--only <run>", "one run of a family, by its label; `base` is the timeline itself")
    .option("--timeline", "show the whole timeline of a run that fails")
    .option("--junit <file>", "write a JUnit XML report, too")
    .addHelpText(
      "after",
      examples(
        "syncline scenario run scenarios",
        "syncline scenario run my.yaml --real",
        "syncline scenario run my.yaml --only 'sweep 11:00 crash B commit 3' --timeline",
        "syncline scenario run scenarios --junit report.xml --json",
      ),
    )
    .action((paths: readonly string[], options: Options) => run(cli, paths, options));
}

async function run(cli: Cli, paths: readonly string[], options: Options): Promise<void> {
  const files = await scenarioFiles(cli, paths);
  const plays = options.real === true ? playableForReal(cli, files, options) : files;
  const results = await interruptible(cli, (signal) => play(cli, plays, options, signal));
  if (options.junit !== undefined) await writeReport(cli, options.junit, junitReport(results));
  const failed = results.filter((one) => one.failed.length > 0).length;
  const played = new Set(results.map(({ file }) => file));
  const left = plays.map(({ file }) => file).filter((file) => !played.has(file));
  if (cli.json) {
    const scenarios = results.map((one) => withoutTimelines(one, options));
    printJson(cli, { scenarios, failed, ...(left.length > 0 ? { interrupted: left } : {}) });
  } else printResults(cli, results, options);
  if (failed > 0) cli.exitCode = EXIT_FAILED;
  if (left.length > 0) sayInterrupted(cli, left);
}

async function play(
  cli: Cli,
  files: readonly ScenarioFile[],
  { only, real }: Options,
  signal: AbortSignal,
): Promise<readonly ScenarioResult[]> {
  const progress = commandProgress(cli, "playing scenarios");
  let done = 0;
  const onResult = (): void => {
    done += 1;
    progress.update({ done, total: files.length, unit: "scenarios" });
  };
  const plays = files.map(({ file, scenario }) => ({ file, scenario, only }));
  try {
    return await (real === true ? playReal : playAll)(plays, { onResult, signal });
  } finally {
    progress.end();
  }
}

/** The files that real processes can play. Throws `SCENARIO_SIMULATED` for others, unless told not to. */
function playableForReal(
  cli: Cli,
  files: readonly ScenarioFile[],
  { wherePossible }: Options,
): readonly ScenarioFile[] {
  const refused = files.map((one) => unplayable(one.scenario).map(one.placed));
  const sentences = refused.flat();
  if (sentences.length === 0) return files;
  if (wherePossible !== true) {
    throw new SynclineError("SCENARIO_SIMULATED", sentences.join("\n"), {
      hint: "without --real the simulated world plays it; --where-possible leaves such files out",
    });
  }
  for (const sentence of sentences) cli.err.write(`left out: ${printable(sentence)}\n`);
  return files.filter((_, at) => refused[at]?.length === 0);
}

function sayInterrupted(cli: Cli, left: readonly string[]): void {
  cli.err.write(`interrupted: ${counted(left.length, "scenario")} not played to the end\n`);
  for (const file of left) cli.err.write(`  ${printable(file)}\n`);
  cli.exitCode = EXIT_INTERRUPTED;
}

function withoutTimelines(result: ScenarioResult, options: Options): object {
  const failed = result.failed.map(({ label, failures }) => ({
    run: label,
    failures,
    replay: replayOf(result.file, label, options),
  }));
  return { ...result, failed };
}

function replayOf(file: string, label: string, { real }: Options): string {
  const how = real === true ? " --real" : "";
  return `syncline scenario run${how} ${file} --only '${label}' --timeline`;
}

async function writeReport(cli: Cli, file: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(cli.cwd, file), text);
  } catch (error) {
    throw asFileError(file, error);
  }
}

function printResults(cli: Cli, results: readonly ScenarioResult[], options: Options): void {
  const { good, bad, faint } = stylesFor(cli.out);
  for (const { file, name, runs, failed, skipped, ms } of results) {
    const mark = failed.length === 0 ? good("ok  ") : bad("FAIL");
    const cost = faint(`${counted(runs, "run")}, ${ms} ms`);
    cli.out.write(`${mark} ${printable(name)}  ${faint(printable(file))}  ${cost}\n`);
    for (const one of failed) printFailed(cli, file, one, options);
    for (const { label, reason } of skipped) {
      cli.out.write(`     ${faint(`skipped ${printable(label)}: ${reason}`)}\n`);
    }
  }
  const failed = results.filter((one) => one.failed.length > 0).length;
  const runs = results.reduce((sum, one) => sum + one.runs, 0);
  const total = `${counted(results.length, "scenario")}, ${counted(runs, "run")}`;
  const skipped = results.reduce((sum, one) => sum + one.skipped.length, 0);
  const left = skipped === 0 ? "" : `, ${skipped} skipped`;
  cli.out.write(`${total}, ${failed} failed${left}\n`);
}

function printFailed(cli: Cli, file: string, run: FamilyRun, options: Options): void {
  const { bad, faint } = stylesFor(cli.out);
  cli.out.write(`     ${printable(run.label)}\n`);
  for (const { at, message } of run.failures) {
    cli.out.write(`       ${bad(at)}  ${printable(message)}\n`);
  }
  const shown = options.timeline === true ? run.timeline.split("\n") : excerptOf(run.timeline);
  for (const line of shown) cli.out.write(`       ${faint(printable(line))}\n`);
  cli.out.write(`     replay: ${replayOf(file, run.label, options)}\n`);
}
