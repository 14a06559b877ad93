import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { addQuarantineDrop } from "./quarantine-drop.ts";
import { addQuarantineList } from "./quarantine-list.ts";
import { addQuarantineRetry } from "./quarantine-retry.ts";
import { addQuarantineShow } from "./quarantine-show.ts";

export function addQuarantine(program: Command, cli: Cli): void {
  const quarantine = program
    .command("quarantine")
    .helpCommand(false)
    .description("records that were refused: who sent them, and why they cannot be stored")
    .addHelpText(
      "after",
      examples(
        "syncline quarantine list",
        "syncline quarantine show 3f2a9c1e",
        "syncline quarantine retry --all",
        "syncline quarantine drop 3f2a9c1e",
      ),
    );
  addQuarantineList(quarantine, cli);
  addQuarantineShow(quarantine, cli);
  addQuarantineRetry(quarantine, cli);
  addQuarantineDrop(quarantine, cli);
}

/** Records by their keys, or all of them. */
export interface WhichOptions {
  readonly all?: true;
}
