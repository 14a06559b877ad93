import type { Command } from "commander";
import { linkNamed } from "../../instance/links.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";

export function addLinkRemove(link: Command, cli: Cli): void {
  link
    .command("remove")
    .description("remove a link; what came over it stays")
    .argument("<name>")
    .addHelpText("after", examples("syncline link remove hq", "syncline link remove hq --json"))
    .action((name: string) => remove(cli, name));
}

async function remove(cli: Cli, name: string): Promise<void> {
  await withWriter(cli, async (writer) => {
    linkNamed(await writer.links(), name);
    await writer.removeLink(name);
  });
  if (cli.json) printJson(cli, { removed: name });
  else cli.out.write(`removed link ${name}; what came over it stays\n`);
}
