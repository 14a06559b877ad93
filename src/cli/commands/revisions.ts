import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { addRevisionsExport } from "./revisions-export.ts";
import { addRevisionsImport } from "./revisions-import.ts";

export function addRevisions(program: Command, cli: Cli): void {
  const revisions = program
    .command("revisions")
    .helpCommand(false)
    .description("carry revisions between instances as plain lines")
    .addHelpText(
      "after",
      examples(
        "syncline revisions export --since 120 > new.jsonl",
        "syncline -C other revisions import new.jsonl",
      ),
    );
  addRevisionsExport(revisions, cli);
  addRevisionsImport(revisions, cli);
}
