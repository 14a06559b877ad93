import { open, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { fileError } from "../../instance/folder/file-errors.ts";
import { BASE, permuted, swept, varied } from "../../scenario/format/families.ts";
import type { Scenario, Sweep } from "../../scenario/format/scenario.ts";
import { playReal } from "../../scenario/real/play-real.ts";
import { junitReport } from "../../scenario/report/junit.ts";
import type { ScenarioResult } from "../../scenario/report/result.ts";
import { playAll } from "../../scenario/run/play-all.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { type ScenarioFile, scenarioFiles } from "../input/scenario-files.ts";
import { EXIT_INTERRUPTED, interruptible } from "../interrupt.ts";
import { EXIT_FAILED } from "../output/failure.ts";
import { commandProgress } from "../output/progress.ts";
import {
  printResults,
  replayLine,
  resultDocument,
  type Telling,
} from "../output/scenario-results.ts";
import { printable } from "../output/text.ts";
import { counted } from "../output/units.ts";

interface Options extends Telling {
  readonly only?: string;
  readonly junit?: string;
}

export function addScenarioRun(scenario: Command, cli: Cli): void {
  scenario
    .command("run")
    .description("play scenarios in the simulated world; exit code 1 when one fails")
    .argument("<paths...>", "scenario files, or folders of them")
    .option("--real", "play with real processes on this machine instead, which takes seconds")
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
  const plays = await scenarioFiles(cli, paths);
  if (options.junit !== undefined) await checkReport(cli, options.junit);
  const all = await interruptible(cli, (signal) => play(cli, plays, options, signal));
  const played = new Set(all.map(({ file }) => file));
  const left = plays.map(({ file }) => file).filter((file) => !played.has(file));
  const results = options.only === undefined ? all : all.filter(({ labels }) => labels.length > 0);
  if (options.only !== undefined && results.length === 0 && left.length === 0) {
    throw noSuchRun(plays, options.only);
  }
  const replayOf = (file: string, label: string): string => replayLine(cli, options, file, label);
  const report = junitReport(results, replayOf);
  if (options.junit !== undefined) await writeReport(cli, options.junit, report);
  const failed = results.filter((one) => one.failed.length > 0).length;
  if (cli.json) {
    const scenarios = results.map((one) => resultDocument(cli, one, options));
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
    progress.update({ done, total: files.length, unit: "scenario" });
  };
  const plays = files.map(({ file, scenario }) => ({ file, scenario, only }));
  try {
    return await (real === true ? playReal : playAll)(plays, { onResult, signal });
  } finally {
    progress.end();
  }
}

function sayInterrupted(cli: Cli, left: readonly string[]): void {
  cli.err.write(`interrupted: ${counted(left.length, "scenario")} not played to the end\n`);
  for (const file of left) cli.err.write(`  ${printable(file)}\n`);
  cli.exitCode = EXIT_INTERRUPTED;
}

/** Labels that a hint lists; the rest is counted. */
const LABELS_TOLD_MAX = 8;

/** That nothing was played is no success: the label is misspelt, or of another file. */
function noSuchRun(files: readonly ScenarioFile[], label: string): SynclineError {
  const known = files.flatMap(({ scenario }) => [
    ...[BASE, ...varied(scenario).map((one) => one.label)],
    ...permuted(scenario).map((one) => one.label),
    ...(scenario.sweep ?? []).map((one) => sweptLabels(scenario, one)),
  ]);
  const labels = [...new Set(known)];
  const more = labels.length - LABELS_TOLD_MAX;
  const told = labels.slice(0, LABELS_TOLD_MAX).join("; ");
  return new SynclineError("USAGE", `no run is called "${label}"`, {
    hint: `there are: ${told}${more > 0 ? `; and ${more} more` : ""}`,
  });
}

function sweptLabels(scenario: Scenario, sweep: Sweep): string {
  return `${swept(scenario, sweep, 1).label}, 2, …`;
}

/** Before anything is played, which may take long. */
async function checkReport(cli: Cli, file: string): Promise<void> {
  const path = resolve(cli.cwd, file);
  const [folder, there] = await Promise.all([
    stat(dirname(path)).catch(none),
    stat(path).catch(none),
  ]);
  const hint = "the report is written there: make the folder first, or name another file";
  if (folder?.isDirectory() !== true) {
    const message = `there is no folder ${dirname(file)}`;
    throw new SynclineError("FILE_NOT_FOUND", message, { where: file, hint });
  }
  if (there?.isDirectory() === true) {
    const message = `${file} is a folder`;
    throw new SynclineError("FILE_NOT_READABLE", message, {
      where: file,
      hint: "name a file in it",
    });
  }
  try {
    // A file that is there keeps what it holds until there is something to write.
    await (await open(path, "a")).close();
    if (there === undefined) await rm(path, { force: true });
  } catch (error) {
    throw fileError(error, file);
  }
}

const none = (): undefined => undefined;

async function writeReport(cli: Cli, file: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(cli.cwd, file), text);
  } catch (error) {
    throw fileError(error, file);
  }
}
