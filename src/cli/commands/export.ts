import type { Command } from "commander";
import { withReader } from "../access.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { printable } from "../output/text.ts";
import { printLines } from "../print-lines.ts";

export function addExport(program: Command, cli: Cli): void {
  program
    .command("export")
    .description("print the live objects as CKAN JSON lines")
    .option("--type <type>", "the type of objects", "package")
    .addHelpText(
      "after",
      examples(
        "syncline export | gzip > packages.jsonl.gz",
        "syncline export --type organization",
        "syncline export | sha256sum        the same on every instance in step",
      ),
    )
    .action(async ({ type }: { type: string }) => {
      const printed = await withReader(cli, (instance) =>
        printLines(cli, instance.export({ type })),
      );
      if (printed === 0) cli.err.write(`there is no live ${printable(type)} to export\n`);
    });
}
