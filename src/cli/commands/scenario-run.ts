import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { counted } from "../../scenario/explain/words.ts";
import { junitReport } from "../../scenario/report/junit.ts";
import type { ScenarioResult } from "../../scenario/report/result.ts";
import { playAll } from "../../scenario/run/play-all.ts";
import type { FamilyRun } from "../../scenario/run/run-family.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { asFileError } from "../input/open-input.ts";
import { scenarioFiles } from "../input/scenario-files.ts";
import { EXIT_FAILED } from "../output/failure.ts";
import { commandProgress } from "../output/progress.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";

/** Lines of a failed run's timeline that are shown unless all are wanted. */
const TIMELINE_LINES = 20;

interface Options {
  readonly only?: string;
  readonly timeline?: true;
  readonly junit?: string;
}

export function addScenarioRun(scenario: Command, cli: Cli): void {
  scenario
    .command("run")
    .description("play scenarios in the simulated world; exit code 1 when one fails")
    .argument("<paths...>", "scenario files, or folders of them")
    .option("--only <run>", "one run of a family, by its label; `base` is the timeline itself")
    .option("--timeline", "show the whole timeline of a run that fails")
    .option("--junit <file>", "write a JUnit XML report, too")
    .addHelpText(
      "after",
      examples(
        "syncline scenario run scenarios",
        "syncline scenario run my.yaml --only 'sweep 11:00 crash B commit 3' --timeline",
        "syncline scenario run scenarios --junit report.xml --json",
      ),
    )
    .action((paths: readonly string[], options: Options) => run(cli, paths, options));
}

async function run(cli: Cli, paths: readonly string[], options: Options): Promise<void> {
  const files = await scenarioFiles(cli, paths);
  const progress = commandProgress(cli, "playing scenarios");
  let done = 0;
  let results: readonly ScenarioResult[];
  try {
    const plays = files.map((one) => ({ ...one, only: options.only }));
    results = await playAll(plays, () => {
      done += 1;
      progress.update({ done, total: files.length, unit: "scenarios" });
    });
  } finally {
    progress.end();
  }
  if (options.junit !== undefined) await writeReport(cli, options.junit, junitReport(results));
  const failed = results.filter((one) => one.failed.length > 0).length;
  if (cli.json) printJson(cli, { scenarios: results.map(withoutTimelines), failed });
  else print(cli, results, options);
  if (failed > 0) cli.exitCode = EXIT_FAILED;
}

function withoutTimelines(result: ScenarioResult): object {
  const failed = result.failed.map(({ label, failures }) => ({
    run: label,
    failures,
    replay: replayOf(result.file, label),
  }));
  return { ...result, failed };
}

function replayOf(file: string, label: string): string {
  return `syncline scenario run ${file} --only '${label}' --timeline`;
}

async function writeReport(cli: Cli, file: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(cli.cwd, file), text);
  } catch (error) {
    throw asFileError(file, error);
  }
}

function print(cli: Cli, results: readonly ScenarioResult[], options: Options): void {
  const { good, bad, faint } = stylesFor(cli.out);
  for (const { file, name, runs, failed, ms } of results) {
    const mark = failed.length === 0 ? good("ok  ") : bad("FAIL");
    const cost = faint(`${counted(runs, "run")}, ${ms} ms`);
    cli.out.write(`${mark} ${printable(name)}  ${faint(printable(file))}  ${cost}\n`);
    for (const one of failed) printFailed(cli, file, one, options);
  }
  const failed = results.filter((one) => one.failed.length > 0).length;
  const runs = results.reduce((sum, one) => sum + one.runs, 0);
  const total = `${counted(results.length, "scenario")}, ${counted(runs, "run")}`;
  cli.out.write(`${total}, ${failed} failed\n`);
}

function printFailed(cli: Cli, file: string, run: FamilyRun, { timeline }: Options): void {
  const { bad, faint } = stylesFor(cli.out);
  cli.out.write(`     ${printable(run.label)}\n`);
  for (const { at, message } of run.failures) {
    cli.out.write(`       ${bad(at)}  ${printable(message)}\n`);
  }
  const lines = run.timeline.split("\n");
  const shown = timeline === true ? lines : lines.slice(-TIMELINE_LINES);
  for (const line of shown) cli.out.write(`       ${faint(printable(line))}\n`);
  cli.out.write(`     replay: ${replayOf(file, run.label)}\n`);
}
