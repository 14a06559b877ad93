import type { Command } from "commander";
import type { QuarantineItem, QuarantinePage } from "../../instance/quarantine.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { stylesFor } from "../output/styles.ts";
import { renderTable } from "../output/table.ts";
import { ago, bytes, count, counted } from "../output/units.ts";

/** What a person can look through. */
const SHOWN_MAX = 50;
export const KEY_CHARS_SHOWN = 12;

export function addQuarantineList(quarantine: Command, cli: Cli): void {
  quarantine
    .command("list")
    .description("list refused records, the newest first")
    .addHelpText(
      "after",
      examples(
        "syncline quarantine list",
        "syncline quarantine list --json | jq -r '.quarantine[].code'",
      ),
    )
    .action(() => list(cli));
}

async function list(cli: Cli): Promise<void> {
  const page = await withReader(cli, (instance) => instance.quarantine());
  if (cli.json) printJson(cli, { quarantine: page.items, unkept: page.unkept });
  else cli.out.write(describe(cli, page));
}

function describe(cli: Cli, { items, unkept }: QuarantinePage): string {
  if (items.length === 0) return "nothing in quarantine\n";
  const { faint } = stylesFor(cli.out);
  const sum = items.reduce((all, item) => all + item.bytes, 0);
  const left = items.length - Math.min(items.length, SHOWN_MAX);
  const more = left === 0 ? "" : `and ${count(left)} more; --json lists them\n`;
  const full =
    unkept === 0
      ? ""
      : `${counted(unkept, "record")} came when the quarantine was full: they come again once it is half empty\n`;
  return (
    tableOf(cli, items.slice(-SHOWN_MAX).reverse()) +
    more +
    `${counted(items.length, "record")}, ${bytes(sum)}\n` +
    full +
    faint("syncline quarantine show KEY explains one; retry KEY tries it again\n")
  );
}

/** Some of them, a line each. */
export function tableOf(cli: Cli, items: readonly QuarantineItem[]): string {
  const { faint, id, warning } = stylesFor(cli.out);
  const columns = [
    { title: "KEY", style: id },
    { title: "SINCE" },
    { title: "FROM" },
    { title: "CODE", style: warning },
    { title: "SIZE", align: "right" as const },
    { title: "RECORD", shrinks: true },
    { title: "WHY", shrinks: true },
  ];
  const nowMs = cli.clock.nowMs();
  const rows = items.map((item) => [
    item.key.slice(0, KEY_CHARS_SHOWN),
    ago((nowMs - Date.parse(item.received)) / 1000),
    peerOf(item),
    item.code,
    item.bytes === 0 ? "not kept" : bytes(item.bytes),
    recordOf(item),
    item.message,
  ]);
  return renderTable(columns, rows, { width: cli.out.columns, titleStyle: faint });
}

/** Whom a record came from. */
export function peerOf({ peer }: QuarantineItem): string {
  return peer === null ? "a file" : (peer.name ?? peer.id.slice(0, 8));
}

function recordOf({ kind, type, object, id }: QuarantineItem): string {
  if (object !== null && type !== null) return `${type}/${object.slice(0, 8)}`;
  return kind === null ? (id?.slice(0, 8) ?? "not readable") : `${kind} ${id?.slice(0, 8) ?? ""}`;
}
