import { resolve } from "node:path";
import type { Command } from "commander";
import type { RestoreReport } from "../../index.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { printable } from "../output/text.ts";
import { counted } from "../output/units.ts";

export function addRestore(program: Command, cli: Cli): void {
  program
    .command("restore")
    .description("make the folder (-C, else here) the instance that a backup holds")
    .argument("<file>", "what syncline backup made, or a copy of an instance's folder")
    .option("--force", "put it in the place of the instance that is there, which is kept aside")
    .addHelpText(
      "after",
      examples(
        "syncline -C catalog restore /backups/monday.db",
        "syncline -C catalog restore --force /backups/monday.db",
      ),
    )
    .action((file: string, { force }: { force?: true }) => restore(cli, file, force === true));
}

async function restore(cli: Cli, file: string, force: boolean): Promise<void> {
  const { restoreInstance } = await import("../../index.ts");
  const named = cli.folder ?? cli.env.SYNCLINE_DIR;
  const folder = resolve(cli.cwd, named === undefined || named === "" ? "." : named);
  const report = await restoreInstance(resolve(cli.cwd, file), folder, { force });
  if (cli.json) printJson(cli, asJson(report));
  else cli.out.write(describe(report));
}

function asJson({ instance, ...report }: RestoreReport): object {
  const { instance: id, name, epoch } = instance;
  return { ...report, instance: { id, name, epoch } };
}

function describe({ folder, instance, revisions, replaced }: RestoreReport): string {
  const what = `${printable(instance.name)} with ${counted(revisions, "revision")}`;
  return [
    `restored ${what} in ${folder}\n`,
    ...(replaced === null ? [] : [`what was there before is in ${replaced}\n`]),
    "what was changed after the backup, and reached a peer, comes back with: syncline sync\n",
  ].join("");
}
