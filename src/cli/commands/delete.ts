import type { Command } from "commander";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { printAuthored } from "../output/authored.ts";

export function addDelete(program: Command, cli: Cli): void {
  const command = program
    .command("delete")
    .description("delete an object; undelete brings it back")
    .argument("<object>", "type/name, a UUID or its beginning");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        "syncline delete package/bus-stops",
        'syncline delete package/bus-stops --by ann --message "replaced by transit-stops"',
      ),
    )
    .action(async (ref: string, options: AttributionOptions) => {
      const by = attributionOf(cli, options);
      printAuthored(cli, "deleted", await withWriter(cli, (writer) => writer.delete(ref, by)));
    });
}
