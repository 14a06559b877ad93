import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import type { LinkChange } from "../../instance/links.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { printable } from "../output/text.ts";

interface Options {
  readonly refusePurges?: true;
  readonly acceptPurges?: true;
  readonly maxRemovals?: string;
}

export function addLinkSet(link: Command, cli: Cli): void {
  link
    .command("set")
    .description("change what a link takes")
    .argument("<name>")
    .option("--refuse-purges", "do not carry out purges that come from the peer")
    .option("--accept-purges", "carry them out, also those refused so far")
    .option("--max-removals <share>", "stop when more would be removed at once")
    .addHelpText(
      "after",
      examples(
        "syncline link set hq --refuse-purges",
        "syncline link set hq --accept-purges",
        "syncline link set hq --max-removals 100",
      ),
    )
    .action((name: string, options: Options) => set(cli, name, options));
}

async function set(cli: Cli, name: string, options: Options): Promise<void> {
  const { refusePurges, acceptPurges, maxRemovals } = options;
  const isOne = refusePurges !== acceptPurges;
  if ((refusePurges && acceptPurges) || (!isOne && maxRemovals === undefined)) {
    throw new SynclineError("USAGE", "nothing to change, or two things at once", {
      hint: "give --max-removals, or one of --refuse-purges and --accept-purges",
    });
  }
  const change = {
    ...(isOne ? { refusesPurges: refusePurges === true } : {}),
    ...(maxRemovals === undefined ? {} : { maxRemovals }),
  };
  const link = await withWriter(cli, (writer) => writer.setLink(name, change));
  if (cli.json) printJson(cli, link);
  else cli.out.write(`link ${printable(name)} ${describe(change).join(", ")}\n`);
}

function describe({ refusesPurges, maxRemovals }: LinkChange): string[] {
  const verb = refusesPurges ? "refuses" : "carries out";
  return [
    ...(refusesPurges === undefined ? [] : [`${verb} purges of its peer`]),
    ...(maxRemovals === undefined ? [] : [`removes at most ${maxRemovals} at once`]),
  ];
}
