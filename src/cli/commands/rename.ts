import type { Command } from "commander";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { namesakes, warnOfNamesakes } from "../namesakes.ts";
import { printAuthored } from "../output/authored.ts";

export function addRename(program: Command, cli: Cli): void {
  const command = program
    .command("rename")
    .description("give an object another name; its UUID stays")
    .argument("<object>", "type/name, a UUID or its beginning")
    .argument("<name>", "the new name");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        "syncline rename package/bus-stops transit-stops",
        'syncline rename 0198c2f4 transit-stops --message "as in the new plan"',
      ),
    )
    .action((ref: string, name: string, options: AttributionOptions) =>
      rename(cli, ref, name, options),
    );
}

async function rename(
  cli: Cli,
  ref: string,
  name: string,
  options: AttributionOptions,
): Promise<void> {
  const by = attributionOf(cli, options);
  await withWriter(cli, async (writer) => {
    const object = await writer.get(ref);
    const others = await namesakes(writer, object, name);
    printAuthored(cli, "renamed", await writer.rename(object.id, name, by));
    warnOfNamesakes(cli, others);
  });
}
