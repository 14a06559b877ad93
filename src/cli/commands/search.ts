import { type Command, InvalidArgumentError, Option } from "commander";
import type { SearchQuery, SearchResult } from "../../search/search-index.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { stylesFor } from "../output/styles.ts";
import { renderTable } from "../output/table.ts";
import { count } from "../output/units.ts";

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 1000;

type Options = Omit<SearchQuery, "text" | "offset">;

export function addSearch(program: Command, cli: Cli): void {
  program
    .command("search")
    .description("find objects by their words")
    .argument("<query>", 'words that must all occur, the last as a beginning; "a phrase" in quotes')
    .option("--type <type>", "only this type")
    .option("--tag <tag>", "only with this tag")
    .option("--group <group>", "only in this group")
    .option("--organization <organization>", "only of this organization")
    .addOption(
      new Option("--state <state>", "which objects").choices(["active", "draft", "deleted", "any"]),
    )
    .option("--limit <n>", "how many at most", parseLimit, LIMIT_DEFAULT)
    .addHelpText(
      "after",
      examples(
        "syncline search 'bus stop'",
        "syncline search water --type package --tag rivers --limit 5",
      ),
    )
    .action((text: string, options: Options) => search(cli, { ...options, text }));
}

async function search(cli: Cli, query: SearchQuery): Promise<void> {
  const result = await withReader(cli, (instance) => instance.search(query));
  if (cli.json) printJson(cli, result);
  else cli.out.write(describe(cli, result));
}

function describe(cli: Cli, { total, hits }: SearchResult): string {
  if (hits.length === 0) return total === 0 ? "nothing found\n" : `${count(total)} found\n`;
  const { faint, strong } = stylesFor(cli.out);
  const columns = [
    { title: "OBJECT", style: strong },
    { title: "TITLE", shrinks: true },
    { title: "MATCH", shrinks: true, style: faint },
  ];
  const rows = hits.map((hit) => [
    `${hit.type}/${hit.name ?? hit.id}`,
    hit.title ?? "",
    hit.snippet,
  ]);
  const table = renderTable(columns, rows, { width: cli.out.columns, titleStyle: faint });
  return `${table}${count(hits.length)} of ${count(total)} found\n`;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d{1,4}$/.test(text) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidArgumentError(`a limit is a number from 1 to ${LIMIT_MAX}.`);
}
