import { resolve } from "node:path";
import type { Command } from "commander";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";

export function addBackup(program: Command, cli: Cli): void {
  program
    .command("backup")
    .description("copy the instance into a new folder while it is in use")
    .argument("<folder>", "the folder to make; it opens as an instance")
    .addHelpText(
      "after",
      examples("syncline backup /backups/catalog-monday", "syncline -C catalog backup copy"),
    )
    .action(async (path: string) => {
      const folder = resolve(cli.cwd, path);
      await withReader(cli, (instance) => instance.backup(folder));
      if (cli.json) printJson(cli, { folder });
      else cli.out.write(`backed up to ${folder}\n`);
    });
}
