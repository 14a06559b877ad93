import type { Command } from "commander";
import { canonicalize } from "../../base/canonical.ts";
import type { Json } from "../../base/json.ts";
import type { ConflictItem } from "../../instance/conflicts/conflict-item.ts";
import type { ConflictQuery } from "../../instance/conflicts/find-conflict.ts";
import type { Instance } from "../../instance/instance.ts";
import { withReader } from "../access.ts";
import type { Cli } from "../cli.ts";
import { withConflictFilters } from "../conflict-options.ts";
import { examples } from "../examples.ts";
import { csvLine } from "../output/csv.ts";
import { printLines } from "../print-lines.ts";

interface Options extends ConflictQuery {
  readonly csv?: true;
}

export function addConflictsExport(conflicts: Command, cli: Cli): void {
  const command = conflicts
    .command("export")
    .description("print conflicts, one JSON document a line; the same on every equal instance")
    .option("--csv", "for a spreadsheet: one row for each candidate");
  withConflictFilters(command)
    .addHelpText(
      "after",
      examples(
        "syncline conflicts export > conflicts.jsonl",
        "syncline conflicts export --csv --status open > conflicts.csv",
      ),
    )
    .action(async ({ csv, ...query }: Options) => {
      await withReader(cli, (instance) => printLines(cli, linesOf(instance, query, csv === true)));
    });
}

async function* linesOf(
  instance: Instance,
  query: ConflictQuery,
  isCsv: boolean,
): AsyncGenerator<string> {
  if (isCsv) yield csvLine(COLUMNS);
  for await (const item of all(instance, query)) {
    if (isCsv) yield* rowsOf(item).map(csvLine);
    else yield canonicalize(item as unknown as Json);
  }
}

async function* all(instance: Instance, query: ConflictQuery): AsyncGenerator<ConflictItem> {
  let after: string | null = null;
  do {
    const page = await instance.conflicts(after === null ? query : { ...query, after });
    yield* page.items;
    after = page.next;
  } while (after !== null);
}

const COLUMNS = [
  ...["id", "status", "type", "object", "path", "kind", "rule", "base", "chosen", "resolved by"],
  ...["revision", "value", "is chosen", "author", "instance", "time", "message"],
];

/** Values are JSON; an empty cell is nothing. */
function rowsOf(item: ConflictItem): string[][] {
  const { id, status, type, object, path, kind, rule, base, chosen, resolvedBy } = item;
  const common = [id, status, type, object, path, kind, rule, json(base), json(chosen.value)];
  return item.candidates.map((candidate) => {
    const { revision, value, author, instance, time, message } = candidate;
    const isChosen = revision === chosen.revision ? "yes" : "";
    const who = [author, instance, time, message].map((cell) => cell ?? "");
    return [...common, resolvedBy ?? "", revision, json(value), isChosen, ...who];
  });
}

function json(value: Json | undefined): string {
  return value === undefined ? "" : JSON.stringify(value);
}
