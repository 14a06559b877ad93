import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { folderNamed } from "../folder.ts";

export function addInit(program: Command, cli: Cli): void {
  program
    .command("init")
    .description("create an instance: a folder with an empty catalog")
    .argument("[dir]", "the folder to make (default: -C, else here)")
    .option("--name <name>", "what people call this instance (default: the folder's name)")
    .addHelpText("after", examples("syncline init catalog --name hq", "syncline init"))
    .action((dir: string | undefined, options: { name?: string }) => init(cli, dir, options.name));
}

async function init(cli: Cli, dir: string | undefined, name: string | undefined): Promise<void> {
  const folder = resolve(cli.cwd, folderNamed(dir) ?? cli.folder ?? ".");
  const { openInstance } = await import("../../index.ts");
  const instance = await openInstance(folder, { create: { name: name ?? basename(folder) } });
  const { identity } = instance;
  await instance.close();
  if (cli.json) {
    printJson(cli, { folder, id: identity.instance, name: identity.name, epoch: identity.epoch });
    return;
  }
  cli.out.write(`created instance ${identity.name} (${identity.instance}) in ${folder}\n`);
}
