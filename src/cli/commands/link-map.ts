import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import {
  type OrganizationOptions,
  organizationsIn,
  withOrganizations,
} from "../organization-options.ts";
import { describeMapping } from "../output/mapping.ts";
import { printable } from "../output/text.ts";

interface Options extends OrganizationOptions {
  readonly unmap?: readonly string[];
}

export function addLinkMap(link: Command, cli: Cli): void {
  const command = link
    .command("map")
    .description("change whose packages become whose when they come over a link")
    .argument("<name>");
  withOrganizations(command)
    .option(
      "--unmap <theirs>",
      "map this organization of the peer no more; again for more",
      (theirs: string, before: readonly string[] = []) => [...before, theirs],
    )
    .addHelpText(
      "after",
      examples(
        "syncline link map hq --map-organization harbor-board=harbor",
        "syncline link map hq --unmapped refuse",
        "syncline link map hq --unmap harbor-board",
      ),
    )
    .action((name: string, options: Options) => map(cli, name, options));
}

async function map(cli: Cli, name: string, options: Options): Promise<void> {
  const { unmap } = options;
  const wish = organizationsIn(options);
  if (wish === undefined && unmap === undefined) {
    throw new SynclineError("USAGE", "nothing to change", {
      hint: "give --map-organization, --unmap or --unmapped",
    });
  }
  const change = { ...wish, ...(unmap === undefined ? {} : { unmap }) };
  const [link, mapping = ""] = await withWriter(cli, async (writer) => {
    const changed = await writer.mapLink(name, change);
    return [changed, await describeMapping(writer.store, changed)] as const;
  });
  if (cli.json) {
    printJson(cli, link);
    return;
  }
  cli.out.write(`link ${printable(name)}: ${printable(mapping)}\n`);
  cli.err.write(`the next run maps what has come already: syncline sync ${printable(name)}\n`);
}
