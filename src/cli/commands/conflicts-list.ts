import type { Command } from "commander";
import type { ConflictItem } from "../../instance/conflicts/conflict-item.ts";
import type { ConflictPage, ConflictQuery } from "../../instance/conflicts/find-conflict.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { withConflictFilters, withPages } from "../conflict-options.ts";
import { examples } from "../examples.ts";
import { Lookup } from "../lookup.ts";
import { placeInWords, valueInWords } from "../output/conflict-words.ts";
import { stylesFor } from "../output/styles.ts";
import { renderTable } from "../output/table.ts";
import { count, counted } from "../output/units.ts";

export function addConflictsList(conflicts: Command, cli: Cli): void {
  const command = conflicts
    .command("list")
    .description("list conflicts, open ones and those decided before");
  withPages(withConflictFilters(command))
    .addHelpText(
      "after",
      examples(
        "syncline conflicts list --status open",
        "syncline conflicts list --type package --path /resources",
        "syncline conflicts list --json | jq '.conflicts[].id'",
      ),
    )
    .action((query: ConflictQuery) => list(cli, query));
}

async function list(cli: Cli, query: ConflictQuery): Promise<void> {
  await withReader(cli, async (instance) => {
    const page = await instance.conflicts(query);
    if (cli.json) printJson(cli, { conflicts: page.items, next: page.next });
    else cli.out.write(await describe(cli, page, await Lookup.of(instance)));
  });
}

async function describe(cli: Cli, { items, next }: ConflictPage, lookup: Lookup): Promise<string> {
  if (items.length === 0) return "no conflicts\n";
  const { faint, id, strong } = stylesFor(cli.out);
  const columns = [
    { title: "ID", style: id },
    { title: "STATUS" },
    { title: "OBJECT", style: strong, shrinks: true },
    { title: "PATH" },
    { title: "BETWEEN" },
    { title: "STANDS", shrinks: true },
  ];
  const rows = [];
  for (const item of items) {
    rows.push([
      ...[item.id.slice(0, 8), item.status, await lookup.objectName(item.object)],
      ...[placeInWords(item), between(item), await standing(item, lookup)],
    ]);
  }
  const table = renderTable(columns, rows, { width: cli.out.columns, titleStyle: faint });
  const open = items.filter(({ status }) => status === "open").length;
  const more = next === null ? "" : `; more with --after ${next}`;
  const hint = open === 0 ? "" : "syncline conflicts show ID explains one\n";
  return `${table}${counted(items.length, "conflict")}, ${count(open)} open${more}\n${faint(hint)}`;
}

function between({ candidates }: ConflictItem): string {
  return [...new Set(candidates.map(({ author }) => author ?? "(unknown)"))].join(", ");
}

async function standing(item: ConflictItem, lookup: Lookup): Promise<string> {
  if (item.kind === "name") return String(item.chosen.value);
  return valueInWords(item, await lookup.valueAt(item.object, item.path));
}
