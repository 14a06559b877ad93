import { resolve } from "node:path";
import type { Command } from "commander";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";

export function addBackup(program: Command, cli: Cli): void {
  program
    .command("backup")
    .description("copy the instance into a new file while it is in use")
    .argument("<file>", "the file to make; with a / at its end, a folder that opens as an instance")
    .addHelpText(
      "after",
      examples("syncline backup /backups/monday.db", "syncline -C catalog backup copy/"),
    )
    .action(async (path: string) => {
      const file = resolve(cli.cwd, path);
      const target = path.endsWith("/") ? `${file}/` : file;
      await withReader(cli, (instance) => instance.backup(target));
      if (cli.json) printJson(cli, { file });
      else cli.out.write(`backed up to ${file}\n`);
    });
}
