import type { Command } from "commander";
import { withReader } from "../access.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { sayWhyNothing } from "../output/nothing.ts";
import { printLines } from "../print-lines.ts";

export function addRevisionsExport(revisions: Command, cli: Cli): void {
  revisions
    .command("export")
    .description("print all records since a point, each changeset before its revisions")
    .option("--since <x>", "only after this: revision, changeset, log position or time")
    .addHelpText(
      "after",
      examples(
        "syncline revisions export > all.jsonl",
        "syncline revisions export --since 2026-01-15T10:20:00Z | gzip > today.jsonl.gz",
      ),
    )
    .action(({ since }: { since?: string }) =>
      withReader(cli, async (instance) => {
        const printed = await printLines(cli, instance.revisionsSince(since));
        if (printed === 0) await sayWhyNothing(cli, instance, since);
      }),
    );
}
