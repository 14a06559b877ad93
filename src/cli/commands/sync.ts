import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import type { SyncOptions } from "../../instance/instance.ts";
import type { Writer } from "../../server/writer.ts";
import type { RunRow } from "../../store/rows.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { interruptible } from "../interrupt.ts";
import { EXIT_CONFLICTS, EXIT_DONE } from "../output/failure.ts";
import { commandProgress } from "../output/progress.ts";
import { describeRun, exitCodeOf } from "../output/run.ts";
import { reportTrouble } from "../output/run-trouble.ts";
import { printable } from "../output/text.ts";
import { rehearseLinks } from "./sync-rehearse.ts";
import { addSyncRuns } from "./sync-runs.ts";
import { addSyncUndo } from "./sync-undo.ts";
import { watchLinks } from "./sync-watch.ts";

export function addSync(program: Command, cli: Cli): void {
  const command = program
    .command("sync")
    .helpCommand(false)
    .description("bring links up to date; carries only what changed")
    .argument("[name]", "one link (default: all)")
    .option("--dry-run", "say what would come, conflict and go; write nothing")
    .option("--watch", "stay connected and keep in step until Ctrl-C")
    .option("--type <type>", "this once, only objects of a type; may be given again", collect)
    .option("--accept-removals", "go on where more is deleted or purged than the link lets go")
    .option("--fail-on-conflicts", "exit with 3 when conflicts are open afterwards")
    .addHelpText(
      "after",
      examples(
        "syncline sync",
        "syncline sync hq --dry-run",
        "syncline sync hq --accept-removals",
        "syncline sync hq --json",
        "syncline sync hq --watch",
        "syncline sync hq --type organization --type group",
      ),
    )
    .action((name: string | undefined, options: Options) =>
      options.watch ? watch(cli, name, options) : sync(cli, name, options),
    );
  addSyncRuns(command, cli);
  addSyncUndo(command, cli);
}

interface Options {
  readonly watch?: true;
  readonly failOnConflicts?: true;
  readonly acceptRemovals?: true;
  readonly type?: readonly string[];
  readonly dryRun?: true;
}

/** A watch has no end at which something could be said or asked. */
function watch(cli: Cli, name: string | undefined, options: Options): Promise<void> {
  const { watch: _, ...others } = options;
  if (Object.keys(others).length === 0) return watchLinks(cli, name);
  throw new SynclineError("USAGE", "--watch goes with no other option of sync", {
    hint: "run such a sync once, then watch",
  });
}

async function sync(cli: Cli, name: string | undefined, options: Options): Promise<void> {
  const accepted = {
    ...(options.acceptRemovals === true ? { acceptRemovals: true } : {}),
    ...(options.type === undefined ? {} : { types: options.type }),
  };
  if (options.dryRun === true) {
    await rehearseLinks(cli, (instance) => namesOf(instance, name), accepted);
    return;
  }
  let hasOpen = false;
  const runs = await withWriter(cli, (writer) =>
    interruptible(cli, async (signal) => {
      const done: RunRow[] = [];
      for (const link of await namesOf(writer, name)) {
        if (signal.aborted) break;
        const run = await syncOne(cli, writer, link, { ...accepted, signal });
        done.push(run);
        if (!cli.json) report(cli, run);
      }
      if (options.failOnConflicts) hasOpen = await hasOpenConflicts(writer);
      return done;
    }),
  );
  cli.exitCode = exitCodeOf(runs);
  if (hasOpen) {
    cli.err.write("conflicts are open; syncline conflicts list --status open shows them\n");
    if (cli.exitCode === EXIT_DONE) cli.exitCode = EXIT_CONFLICTS;
  }
  if (cli.json) printJson(cli, { runs });
}

/** The values of an option that may be given several times. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function hasOpenConflicts(writer: Writer): Promise<boolean> {
  const { items } = await writer.conflicts({ status: "open", limit: 1 });
  return items.length > 0;
}

async function namesOf(
  writer: Pick<Writer, "links">,
  name: string | undefined,
): Promise<readonly string[]> {
  if (name !== undefined) return [name];
  const links = await writer.links();
  if (links.length > 0) return links.map((link) => link.name);
  throw new SynclineError("LINK_NOT_FOUND", "there is no link to sync", {
    hint: "syncline link add NAME URL --direction pull adds one",
  });
}

async function syncOne(
  cli: Cli,
  writer: Writer,
  link: string,
  options: SyncOptions,
): Promise<RunRow> {
  const progress = commandProgress(cli, `syncing ${link}`);
  try {
    return await writer.sync(link, {
      ...options,
      onProgress: ({ done, total }) => progress.update({ done, total, unit: "revision" }),
    });
  } finally {
    progress.end();
  }
}

function report(cli: Cli, run: RunRow): void {
  cli.out.write(`${printable(run.link)}: ${describeRun(run)}\n`);
  reportTrouble(cli, run);
}
