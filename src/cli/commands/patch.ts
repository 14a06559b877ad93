import type { Command } from "commander";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { readJsonFile } from "../input/read-json-file.ts";
import { printAuthored } from "../output/authored.ts";

export function addPatch(program: Command, cli: Cli): void {
  const command = program
    .command("patch")
    .description("apply a JSON patch (RFC 6902) to an object")
    .argument("<object>", "type/name, a UUID or its beginning")
    .argument("<file>", "a file with a JSON array of operations, or - for standard input");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        "syncline patch package/bus-stops changes.json",
        `echo '[{"op":"replace","path":"/title","value":"Stops"}]' | syncline patch package/x -`,
      ),
    )
    .action(async (ref: string, file: string, options: AttributionOptions) => {
      const patch = await readJsonFile(cli, file);
      const by = attributionOf(cli, options);
      printAuthored(
        cli,
        "changed",
        await withWriter(cli, (writer) => writer.patch(ref, patch, by)),
      );
    });
}
