import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { addConflictsExport } from "./conflicts-export.ts";
import { addConflictsList } from "./conflicts-list.ts";
import { addConflictsResolve } from "./conflicts-resolve.ts";
import { addConflictsShow } from "./conflicts-show.ts";

export function addConflicts(program: Command, cli: Cli): void {
  const conflicts = program
    .command("conflicts")
    .helpCommand(false)
    .description("where edits disagree: what each side wants, and what stands")
    .addHelpText(
      "after",
      examples(
        "syncline conflicts list --status open",
        "syncline conflicts show 3f2a9c1e",
        "syncline conflicts resolve 3f2a9c1e --keep",
        "syncline conflicts resolve --take newest --type tag",
      ),
    );
  addConflictsList(conflicts, cli);
  addConflictsShow(conflicts, cli);
  addConflictsResolve(conflicts, cli);
  addConflictsExport(conflicts, cli);
}
