import type { Command } from "commander";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { printAuthored } from "../output/authored.ts";

export function addUndelete(program: Command, cli: Cli): void {
  const command = program
    .command("undelete")
    .description("bring back a deleted object as it was")
    .argument("<object>", "type/<uuid>, a UUID or its beginning");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        "syncline undelete 0198c2f4-5d3e-7a31-9c1b-2f8e6f0a7b11",
        'syncline undelete package/bus-stops --message "still in use"',
      ),
    )
    .action(async (ref: string, options: AttributionOptions) => {
      const by = attributionOf(cli, options);
      const outcome = await withWriter(cli, (writer) => writer.undelete(ref, by));
      printAuthored(cli, "undeleted", outcome);
    });
}
