import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { EXIT_REFUSED } from "../output/failure.ts";
import { counted } from "../output/units.ts";
import type { WhichOptions } from "./quarantine.ts";
import { tableOf } from "./quarantine-list.ts";

const SHOWN_MAX = 10;

export function addQuarantineRetry(quarantine: Command, cli: Cli): void {
  quarantine
    .command("retry")
    .description("try refused records again; what waited for them follows")
    .argument("[keys...]", "keys, or their first 8 or more digits")
    .option("--all", "all of them")
    .addHelpText(
      "after",
      examples("syncline quarantine retry 3f2a9c1e", "syncline quarantine retry --all --json"),
    )
    .action((keys: string[], options: WhichOptions) => retry(cli, keys, options));
}

async function retry(cli: Cli, keys: readonly string[], options: WhichOptions): Promise<void> {
  const which = whichOf(keys, options);
  const report = await withWriter(cli, (writer) => writer.retryQuarantined(which));
  const { tried, asked, stored, refused } = report;
  if (refused.length > 0) cli.exitCode = EXIT_REFUSED;
  if (cli.json) {
    printJson(cli, report);
    return;
  }
  const still = refused.length === 0 ? "" : `, ${counted(refused.length, "record")} refused still`;
  cli.out.write(`tried ${counted(tried, "record")}: ${counted(stored, "record")} stored${still}\n`);
  if (asked > 0) cli.out.write(`${counted(asked, "record")} will come again with the next sync\n`);
  if (refused.length > 0) cli.out.write(tableOf(cli, refused.slice(0, SHOWN_MAX)));
}

/** What was asked for. Throws `USAGE`. */
export function whichOf(keys: readonly string[], { all }: WhichOptions): readonly string[] | "all" {
  if (keys.length > 0 && all === undefined) return keys;
  if (keys.length === 0 && all === true) return "all";
  throw new SynclineError("USAGE", "say which records: their keys, or --all", {
    hint: "syncline quarantine list shows the keys",
  });
}
