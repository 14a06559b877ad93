import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { printable } from "../output/text.ts";

interface Options {
  readonly refusePurges?: true;
  readonly acceptPurges?: true;
}

export function addLinkSet(link: Command, cli: Cli): void {
  link
    .command("set")
    .description("change what a link takes")
    .argument("<name>")
    .option("--refuse-purges", "do not carry out purges that come from the peer")
    .option("--accept-purges", "carry them out, also those refused so far")
    .addHelpText(
      "after",
      examples("syncline link set hq --refuse-purges", "syncline link set hq --accept-purges"),
    )
    .action((name: string, options: Options) => set(cli, name, options));
}

async function set(cli: Cli, name: string, options: Options): Promise<void> {
  const { refusePurges, acceptPurges } = options;
  if (refusePurges === acceptPurges) {
    throw new SynclineError("USAGE", "nothing to change, or two things at once", {
      hint: "give --refuse-purges or --accept-purges",
    });
  }
  const refusesPurges = refusePurges === true;
  const link = await withWriter(cli, (writer) => writer.setLink(name, { refusesPurges }));
  if (cli.json) printJson(cli, link);
  else {
    const verb = refusesPurges ? "refuses" : "carries out";
    cli.out.write(`link ${printable(name)} ${verb} purges of its peer\n`);
  }
}
