import type { Command } from "commander";
import { withReader, withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { confirm } from "../confirm.ts";
import { examples } from "../examples.ts";
import { counted } from "../output/units.ts";
import type { WhichOptions } from "./quarantine.ts";
import { whichOf } from "./quarantine-retry.ts";

interface Options extends WhichOptions {
  readonly yes?: true;
}

export function addQuarantineDrop(quarantine: Command, cli: Cli): void {
  quarantine
    .command("drop")
    .description("forget refused records; nobody sends them again by itself")
    .argument("[keys...]", "keys, or their first 8 or more digits")
    .option("--all", "all of them")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      examples("syncline quarantine drop 3f2a9c1e", "syncline quarantine drop --all --yes"),
    )
    .action((keys: string[], options: Options) => drop(cli, keys, options));
}

async function drop(cli: Cli, keys: readonly string[], options: Options): Promise<void> {
  const which = whichOf(keys, options);
  const many = await counting(cli, which);
  if (many > 0 && options.yes !== true) await confirm(cli, question(many));
  const dropped = await withWriter(cli, (writer) => writer.dropQuarantined(which));
  if (cli.json) printJson(cli, { dropped });
  else cli.out.write(`dropped ${counted(dropped, "record")}\n`);
}

/** Throws `QUARANTINE_NOT_FOUND`. */
async function counting(cli: Cli, which: readonly string[] | "all"): Promise<number> {
  return withReader(cli, async (instance) => {
    if (which === "all") return (await instance.quarantine()).items.length;
    for (const key of which) await instance.quarantined(key);
    return which.length;
  });
}

function question(many: number): string {
  const what = counted(many, "refused record");
  return `${what}: if one is good elsewhere, it will be missing here, with what builds on it.\nDrop?`;
}
