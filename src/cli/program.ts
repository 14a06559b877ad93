import { Command } from "commander";
import type { Cli } from "./cli.ts";
import { addBackup } from "./commands/backup.ts";
import { addConflicts } from "./commands/conflicts.ts";
import { addCreate } from "./commands/create.ts";
import { addDelete } from "./commands/delete.ts";
import { addDemo } from "./commands/demo.ts";
import { addDiff } from "./commands/diff.ts";
import { addEdit } from "./commands/edit.ts";
import { addExport } from "./commands/export.ts";
import { addImport } from "./commands/import.ts";
import { addInit } from "./commands/init.ts";
import { addInstance } from "./commands/instance.ts";
import { addLink } from "./commands/link.ts";
import { addLog } from "./commands/log.ts";
import { addPatch } from "./commands/patch.ts";
import { addPolicy } from "./commands/policy.ts";
import { addPurge, addShun } from "./commands/purge.ts";
import { addQuarantine } from "./commands/quarantine.ts";
import { addRating } from "./commands/rating.ts";
import { addRename } from "./commands/rename.ts";
import { addRestore } from "./commands/restore.ts";
import { addRevisions } from "./commands/revisions.ts";
import { addRole } from "./commands/role.ts";
import { addScenario } from "./commands/scenario.ts";
import { addSearch } from "./commands/search.ts";
import { addServe } from "./commands/serve.ts";
import { addShow } from "./commands/show.ts";
import { addStatus } from "./commands/status.ts";
import { addSync } from "./commands/sync.ts";
import { addUndelete } from "./commands/undelete.ts";
import { addVerify } from "./commands/verify.ts";
import { examples } from "./examples.ts";
import { folderNamed } from "./folder.ts";
import { helpItem } from "./output/help-item.ts";
import { version } from "./version.ts";

/** The commands in the order of the help, by what a person does with them. */
const GROUPS: Readonly<Record<string, readonly ((program: Command, cli: Cli) => void)[]>> = {
  "Start:": [addInit, addDemo],
  "Catalog in and out:": [addImport, addExport],
  "Keep in step:": [addServe, addLink, addSync, addStatus],
  "Look:": [addSearch, addShow, addLog, addDiff],
  "Change:": [addCreate, addEdit, addPatch, addRename, addDelete, addUndelete, addPurge, addShun],
  "Decide:": [addConflicts, addPolicy, addRole, addRating],
  "Prove:": [addScenario],
  "Care:": [addQuarantine, addRevisions, addVerify, addBackup, addRestore, addInstance],
};

/** The whole command line. Errors are thrown, never printed by commander itself. */
export function buildProgram(cli: Cli): Command {
  const program = new Command("syncline")
    .description("Keeps catalogs on independent servers in step.")
    .usage("[-C DIR] COMMAND")
    .option("-C <dir>", "the instance's folder (default: $SYNCLINE_DIR, else the nearest upwards)")
    .option("--json", "print one JSON document on stdout, everything else on stderr")
    .option("--no-recover", "after a restore, edit without asking peers for what was lost")
    .version(version(), "--version", "print the version")
    .helpOption("--help", "show this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => cli.out.write(text), writeErr: () => {} })
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: Math.min(100, cli.out.columns),
      formatItem: helpItem,
      subcommandTerm: (command) => [command.name(), ...argumentsOf(command)].join(" "),
    })
    .addHelpText(
      "after",
      examples(
        "syncline demo      two instances, first sync, second sync",
        "syncline init catalog --name hq",
        "syncline -C catalog import dump.jsonl.gz",
        "syncline link add hq http://127.0.0.1:7300 --direction pull",
        "syncline sync",
      ),
    )
    .hook("preAction", () => {
      const options = program.opts<{ C?: string; json?: true; recover: boolean }>();
      cli.json = options.json ?? false;
      cli.folder = folderNamed(options.C);
      cli.recovers = options.recover;
    });
  for (const [title, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(title);
    for (const add of commands) add(program, cli);
  }
  return program;
}

function argumentsOf(command: Command): string[] {
  return command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
}
