import type { Command } from "commander";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { explainConflict } from "../explain-conflict.ts";

export function addConflictsShow(conflicts: Command, cli: Cli): void {
  conflicts
    .command("show")
    .description("explain one conflict, and how to decide it")
    .argument("<id>", "the conflict's id or its beginning")
    .addHelpText(
      "after",
      examples("syncline conflicts show 3f2a9c1e", "syncline conflicts show 3f2a9c1e --json"),
    )
    .action((id: string) => show(cli, id));
}

async function show(cli: Cli, id: string): Promise<void> {
  await withReader(cli, async (instance) => {
    const item = await instance.conflict(id);
    if (cli.json) printJson(cli, item);
    else cli.out.write(await explainConflict(instance, item, cli));
  });
}
