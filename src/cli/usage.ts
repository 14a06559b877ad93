import type { Command, CommanderError } from "commander";
import { SynclineError } from "../base/errors.ts";

/** A command line that does not fit, as an error with the way to the right help. */
export function usageError(error: CommanderError, program: Command, argv: string[]): SynclineError {
  const named = commandIn(program, argv);
  const command = fullName(named);
  if (error.code === "commander.help") {
    return new SynclineError("USAGE", "a command is missing", { hint: helpHint(command) });
  }
  const [message = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const guess = more.join(" ").match(/Did you mean (?:one of )?(.*)\?/)?.[1];
  const meant = guess ?? mappingMeant(error, named);
  const hint = meant === undefined ? helpHint(command) : `did you mean ${meant}?`;
  return new SynclineError("USAGE", message, { hint });
}

/** An argument too many such as `rail=harbor`, where that is what an option takes. */
function mappingMeant({ code }: CommanderError, command: Command): string | undefined {
  if (code !== "commander.excessArguments") return undefined;
  const option = command.options.find(({ flags }) => flags.endsWith("<theirs=ours>"))?.long;
  const pair = command.args.find((word) => /^[^=]+=[^=]+$/.test(word));
  return option && pair && `${option} ${pair}`;
}

function helpHint(command: string): string {
  return `${command} --help shows how it is used`;
}

/** The help of the command that the arguments name, with an empty line after it. */
export function helpFor(program: Command, argv: readonly string[]): string {
  return `${commandIn(program, argv).helpInformation()}\n`;
}

/** The command that the arguments name, as far as they name one. */
function commandIn(program: Command, argv: readonly string[]): Command {
  let command = program;
  for (const word of argv) {
    command = command.commands.find((each) => each.name() === word) ?? command;
  }
  return command;
}

/** `syncline link add`. */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
