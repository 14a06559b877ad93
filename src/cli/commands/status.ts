import type { Command } from "commander";
import type { StatusView } from "../../instance/instance.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { folderOf } from "../folder.ts";
import { describeObjects } from "../output/objects.ts";
import type { Output } from "../output/output.ts";
import { describeRun } from "../output/run.ts";
import { stylesFor } from "../output/styles.ts";
import { renderTable } from "../output/table.ts";
import { printable, truncate } from "../output/text.ts";
import { ago, count, counted, roughly } from "../output/units.ts";

export function addStatus(program: Command, cli: Cli): void {
  program
    .command("status")
    .description("what is here, and how the links stand")
    .addHelpText(
      "after",
      examples("syncline status", "syncline -C catalog status --json | jq -r .digest"),
    )
    .action(() => status(cli));
}

async function status(cli: Cli): Promise<void> {
  const view = (await servedStatus(cli)) ?? (await withReader(cli, (it) => it.status()));
  if (cli.json) printJson(cli, view);
  else cli.out.write(describeStatus(view, cli.out, cli.clock.nowMs()));
}

/** From the process that serves the folder, which alone knows how live links stand. */
async function servedStatus(cli: Cli): Promise<StatusView | undefined> {
  const { answeringServer } = await import("../../server/client/open-remote-writer.ts");
  const server = await answeringServer(folderOf(cli)).catch(() => undefined);
  // A server that is held up, or of another version, does not keep the folder from being read.
  const view = await server?.call("GET", "/api/v1/status").catch(() => undefined);
  return view === undefined || view === null ? undefined : (view as unknown as StatusView);
}

/** What the title of a field takes. */
const TITLE_COLUMNS = 12;

/** The status in a few lines: who, what, how far, links, and what needs attention. */
export function describeStatus(view: StatusView, output: Output, nowMs: number): string {
  const { strong, faint } = stylesFor(output);
  const field = (title: string, value: string): string =>
    `  ${faint(title.padEnd(9))} ${truncate(value, output.columns - TITLE_COLUMNS)}\n`;
  const { lsn, chain } = view.head;
  return [
    `${strong(printable(view.instance.name))}  ${faint(view.instance.id)}\n`,
    field("objects", describeObjects(view.objects)),
    ...gone(view).map((text) => field("gone", text)),
    ...departed(view).map((text) => field("left", text)),
    field("log", `${counted(view.revisions, "revision")}, head ${lsn} ${chain.slice(0, 12)}`),
    field("digest", view.digest.slice(0, 16)),
    ...attention(view, output).map((point, row) => field(row === 0 ? "attention" : "", point)),
    links(view, output, nowMs),
  ].join("");
}

/** Objects that are not there any more, if any. */
function gone({ deleted, purged, shunned }: StatusView): string[] {
  const parts = Object.entries({ deleted, purged, shunned }).filter(([, many]) => many > 0);
  return parts.length === 0 ? [] : [parts.map(([how, many]) => `${count(many)} ${how}`).join(", ")];
}

/** Objects that stay here though they left the scope of a link; an older server does not say. */
function departed({ departed: many = 0 }: Partial<StatusView>): string[] {
  return many === 0 ? [] : [`${counted(many, "object")} left a link's scope and stay as they were`];
}

function attention(view: StatusView, output: Output): string[] {
  const { good, warning } = stylesFor(output);
  if (view.attention.length === 0) return [good("nothing")];
  const width = output.columns - TITLE_COLUMNS;
  return view.attention.map((point) => warning(truncate(printable(point), width)));
}

function links(view: StatusView, output: Output, nowMs: number): string {
  const { faint } = stylesFor(output);
  if (view.links.length === 0) return `  ${faint("links".padEnd(9))} none\n`;
  const columns = [
    { title: "LINK" },
    { title: "DIRECTION" },
    { title: "STATE" },
    { title: "BEHIND" },
    { title: "LAST RUN" },
    { title: "RESULT", shrinks: true },
  ];
  const rows = view.links.map(({ name, direction, state, next, lag, lastRun }) => [
    name,
    direction,
    describeState(state, next, nowMs),
    describeLag(lag),
    describeWhen(state, lastRun, nowMs),
    lastRun === null || isConnected(state) ? "" : describeRun(lastRun),
  ]);
  const width = output.columns;
  return renderTable(columns, rows, { width, indent: "  ", titleStyle: faint });
}

type LinkStatus = StatusView["links"][number];

function isConnected(state: LinkStatus["state"]): boolean {
  return state === "connected" || state === "behind";
}

function describeWhen(state: LinkStatus["state"], last: LinkStatus["lastRun"], nowMs: number) {
  if (isConnected(state)) return "now";
  return last === null ? "never" : ago((nowMs - Date.parse(last.ended)) / 1000);
}

function describeState(state: LinkStatus["state"], next: string | null, nowMs: number): string {
  if (next === null) return state;
  return `${state}, ${roughly(Math.max(Date.parse(next) - nowMs, 0) / 1000)}`;
}

function describeLag({ revisions, seconds }: LinkStatus["lag"]): string {
  if (revisions === null) return "unknown";
  if (revisions === 0) return "no";
  return seconds === null ? count(revisions) : `${count(revisions)}, ${roughly(seconds)}`;
}
