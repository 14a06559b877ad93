import type { Command } from "commander";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { stylesFor } from "../output/styles.ts";
import { renderTable } from "../output/table.ts";

export function addLinkList(link: Command, cli: Cli): void {
  link
    .command("list")
    .description("list the links")
    .addHelpText("after", examples("syncline link list", "syncline link list --json"))
    .action(() => list(cli));
}

async function list(cli: Cli): Promise<void> {
  const links = await withReader(cli, (instance) => instance.links());
  if (cli.json) {
    printJson(cli, { links });
    return;
  }
  if (links.length === 0) {
    cli.out.write("no links; syncline link add NAME URL --direction pull adds one\n");
    return;
  }
  const columns = [
    { title: "NAME" },
    { title: "DIRECTION" },
    { title: "MODE" },
    { title: "PEER" },
    { title: "URL", shrinks: true },
  ];
  const rows = links.map((each) => [
    each.name,
    each.direction,
    each.mode,
    each.peerName ?? "-",
    each.url,
  ]);
  const { faint } = stylesFor(cli.out);
  cli.out.write(renderTable(columns, rows, { width: cli.out.columns, titleStyle: faint }));
}
