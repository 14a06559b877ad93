import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { isJsonObject } from "../../base/json.ts";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { readJsonFile } from "../input/read-json-file.ts";
import { namesakes, warnOfNamesakes } from "../namesakes.ts";
import { printAuthored } from "../output/authored.ts";

export function addCreate(program: Command, cli: Cli): void {
  const command = program
    .command("create")
    .description("create an object from a JSON file in CKAN form")
    .argument("<type>", "package, tag, group, organization, user, role, rating …")
    .argument("<file>", "a file, or - for standard input");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        'echo \'{"name":"bus-stops","title":"Bus stops"}\' | syncline create package -',
        'syncline create organization parks.json --by ann --message "new department"',
      ),
    )
    .action((type: string, file: string, options: AttributionOptions) =>
      create(cli, type, file, options),
    );
}

async function create(
  cli: Cli,
  type: string,
  file: string,
  options: AttributionOptions,
): Promise<void> {
  const value = await readJsonFile(cli, file);
  if (!isJsonObject(value)) {
    throw new SynclineError("INVALID_OBJECT", "an object is a JSON object", { where: file });
  }
  const by = attributionOf(cli, options);
  await withWriter(cli, async (writer) => {
    const others = await namesakes(writer, { type }, value.name);
    printAuthored(cli, "created", await writer.create(type, value, by));
    warnOfNamesakes(cli, others);
  });
}
