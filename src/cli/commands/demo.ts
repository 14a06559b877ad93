import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { DemoFolder } from "../../demo/demo-folder.ts";
import type { ServedFolder } from "../../demo/served-folder.ts";
import type { Stage } from "../../demo/stage.ts";
import type { Cli } from "../cli.ts";
import { terminalStage } from "../demo-stage.ts";
import { examples } from "../examples.ts";
import { openInput } from "../input/open-input.ts";
import { EXIT_INTERRUPTED, interruptible } from "../interrupt.ts";

interface Options {
  readonly from?: string;
  readonly keep?: true;
  readonly once?: true;
}

export function addDemo(program: Command, cli: Cli): void {
  program
    .command("demo")
    .description("a tour: two instances in step, edits on both sides, a conflict and its end")
    .option("--from <file>", "use this dump (JSON lines, gz too) instead of the built-in city")
    .option("--keep", "keep the folder with both instances")
    .option("--once", "end after the tour (default without a terminal)")
    .addHelpText(
      "after",
      examples("syncline demo", "syncline demo --from datasets.jsonl.gz --keep"),
    )
    .action((options: Options) => demo(cli, options));
}

async function demo(cli: Cli, options: Options): Promise<void> {
  const { makeDemoFolder } = await import("../../demo/demo-folder.ts");
  const { takeTour } = await import("../../demo/tour.ts");
  const from = options.from === undefined ? undefined : await openInput(cli, options.from);
  const stage = terminalStage(cli);
  const folder = makeDemoFolder();
  let served: ServedFolder | undefined;
  // Also when the process is ended at once: no server and no folder may stay behind.
  const cleanUp = (): void => {
    served?.kill();
    if (!options.keep) folder.remove();
  };
  process.once("exit", cleanUp);
  await interruptible(cli, async (signal) => {
    try {
      const onServed = (server: ServedFolder): void => {
        served = server;
      };
      await takeTour({ stage, folder, ...(from && { from }), signal, onServed });
      const stays = cli.out.isTerminal && !options.once;
      sayWhatNext(stage, folder, stays, stays || options.keep === true);
      if (stays) await untilStopped(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      // Whatever failed then, failed because of it: the server ends by the same Ctrl-C.
      cli.exitCode = EXIT_INTERRUPTED;
    } finally {
      await served?.close();
      if (options.keep) stage.say(`Both instances are kept in ${folder.path}.`);
      else folder.remove();
      process.off("exit", cleanUp);
    }
  });
}

function sayWhatNext(stage: Stage, folder: DemoFolder, stays: boolean, isThere: boolean): void {
  const syncline = invocation();
  stage.step("What to try next");
  if (isThere) {
    stage.command(`${syncline} -C ${folder.branch} log package/ferry-delays-live`);
    stage.command(`${syncline} -C ${folder.branch} conflicts list`);
    stage.command(`${syncline} -C ${folder.branch} search ferry`);
    stage.command(`${syncline} -C ${folder.branch} verify`);
  } else {
    stage.command(`${syncline} demo --keep`);
    stage.command(`${syncline} init catalog --name hq`);
    stage.command(`${syncline} --help`);
  }
  if (stays) stage.say("hq goes on serving until Ctrl-C; try these in another terminal.");
}

/** How a person started this program, as far as it can be typed again from here. */
function invocation(): string {
  const entry = process.argv[1] ?? "syncline";
  if (!entry.endsWith(".js")) return "syncline";
  const near = relative(process.cwd(), entry);
  return `node ${existsSync(join(process.cwd(), near)) && !near.startsWith("..") ? near : entry}`;
}

/** Ctrl-C is how this ends well. */
async function untilStopped(signal: AbortSignal): Promise<void> {
  const dayMs = 86_400_000;
  while (!signal.aborted) await delay(dayMs, undefined, { signal }).catch(() => {});
}
