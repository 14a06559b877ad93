import type { Command } from "commander";
import { linkNamed } from "../../instance/links.ts";
import type { RunRow } from "../../store/rows.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { describeRun } from "../output/run.ts";
import { stylesFor } from "../output/styles.ts";
import { renderTable } from "../output/table.ts";
import { ago, count } from "../output/units.ts";

/** What a person can look through; the first part of an id tells runs apart. */
const SHOWN_MAX = 20;
export const RUN_CHARS_SHOWN = 13;

export function addSyncRuns(sync: Command, cli: Cli): void {
  sync
    .command("runs")
    .description("list past runs, the newest first: those started here, and those of peers")
    .argument("[name]", "of one link (default: all)")
    .addHelpText("after", examples("syncline sync runs", "syncline sync runs hq --json"))
    .action((name: string | undefined) => runs(cli, name));
}

async function runs(cli: Cli, name: string | undefined): Promise<void> {
  const all = await withReader(cli, async (instance) => {
    if (name !== undefined) linkNamed(await instance.links(), name);
    return instance.runs(name);
  });
  if (cli.json) printJson(cli, { runs: all });
  else cli.out.write(describe(cli, all));
}

function describe(cli: Cli, all: readonly RunRow[]): string {
  if (all.length === 0) return "no runs yet\n";
  const { faint, id } = stylesFor(cli.out);
  const columns = [
    { title: "RUN", style: id },
    { title: "ENDED" },
    { title: "LINK" },
    { title: "RESULT", shrinks: true },
  ];
  const nowMs = cli.clock.nowMs();
  const rows = all
    .slice(0, SHOWN_MAX)
    .map((run) => [
      run.id.slice(0, RUN_CHARS_SHOWN),
      ago((nowMs - Date.parse(run.ended)) / 1000),
      whose(run),
      resultOf(run),
    ]);
  const left = all.length - rows.length;
  const more = left === 0 ? "" : `and ${count(left)} more; --json lists them\n`;
  const table = renderTable(columns, rows, { width: cli.out.columns, titleStyle: faint });
  return `${table}${more}${faint("syncline sync undo RUN takes back what a run changed here\n")}`;
}

function whose({ link, peer, undo }: RunRow): string {
  if (undo !== undefined) return "(undo)";
  return link === "" ? `peer ${peer?.slice(0, 8) ?? ""}` : link;
}

function resultOf(run: RunRow): string {
  const { undo } = run;
  return undo === undefined ? describeRun(run) : `undid run ${undo.run.slice(0, RUN_CHARS_SHOWN)}`;
}
