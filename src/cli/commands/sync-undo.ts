import type { Command } from "commander";
import type { UndoReport } from "../../instance/undo/undo-run.ts";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { EXIT_REFUSED } from "../output/failure.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";
import { count, counted } from "../output/units.ts";
import { RUN_CHARS_SHOWN } from "./sync-runs.ts";

const SHOWN_MAX = 20;
const AGAIN =
  "not undone; to have what left the scope sent again: syncline link set LINK --no-scope --on-leave keep, and sync";

export function addSyncUndo(sync: Command, cli: Cli): void {
  const command = sync
    .command("undo")
    .description("take back what a run changed here, by edits that replicate; purges stay")
    .argument("<run>", "a run's id, the first 8 or more characters of it, or last");
  withAttribution(command)
    .addHelpText(
      "after",
      examples("syncline sync undo last", "syncline sync undo 019a8c11-4f2e --by ann --json"),
    )
    .action((run: string, options: AttributionOptions) => undo(cli, run, options));
}

async function undo(cli: Cli, run: string, options: AttributionOptions): Promise<void> {
  const { author } = attributionOf(cli, options);
  const by = { author, ...(options.message === undefined ? {} : { message: options.message }) };
  const report = await withWriter(cli, (writer) => writer.undo(run, by));
  const isAll = report.skipped.length + report.purged + report.dropped === 0;
  const isWhole = isAll && report.policy !== "kept";
  if (!isWhole) cli.exitCode = EXIT_REFUSED;
  if (cli.json) printJson(cli, report);
  else cli.out.write(describe(cli, report));
}

function describe(cli: Cli, report: UndoReport): string {
  const { run, undo, undone, skipped, purged, dropped, policy } = report;
  const { warning, faint } = stylesFor(cli.out);
  const short = run.slice(0, RUN_CHARS_SHOWN);
  const counts = (["deleted", "undeleted", "restored"] as const)
    .map((how) => [how, undone.filter((one) => one.how === how).length] as const)
    .filter(([, many]) => many > 0)
    .map(([how, many]) => `${counted(many, "object")} ${how}`);
  if (policy === "restored") counts.push("the policy from before is in force again");
  const isNothing = counts.length === 0;
  const lines = [
    ...(isNothing && dropped === 0 ? [`nothing of run ${short} is left to undo\n`] : []),
    ...(isNothing ? [] : [`undid run ${short}: ${counts.join(", ")}\n`]),
    ...skipped
      .slice(0, SHOWN_MAX)
      .map((one) => `${warning("skipped")} ${printable(`${labelOf(one)}: ${why(one)}`)}\n`),
  ];
  if (skipped.length > SHOWN_MAX) {
    lines.push(`… and ${count(skipped.length - SHOWN_MAX)} more; --json lists them\n`);
  }
  if (policy === "kept")
    lines.push(`${warning("skipped")} the policy: changed since, so it stays\n`);
  if (purged > 0) lines.push(`${warning("purged")} ${counted(purged, "object")}: not undone\n`);
  if (dropped > 0) lines.push(`${warning("dropped")} ${counted(dropped, "object")}: ${AGAIN}\n`);
  if (undo !== null) {
    lines.push(faint(`syncline sync undo ${undo.slice(0, RUN_CHARS_SHOWN)} takes this back\n`));
  }
  return lines.join("");
}

type Skipped = UndoReport["skipped"][number];

function labelOf({ type, name, object }: Skipped): string {
  return `${type}/${name ?? object}`;
}

function why({ code, paths }: Skipped): string {
  if (code !== "STALE_EDIT" || paths.length === 0) return `could not be changed [${code}]`;
  const [first = "", ...others] = paths;
  const more = others.length === 0 ? "" : ` and at ${counted(others.length, "more path")}`;
  return `edited since at ${first}${more}, so that stays`;
}
