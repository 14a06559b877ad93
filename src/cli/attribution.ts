import { userInfo } from "node:os";
import type { Command } from "commander";
import type { Attribution } from "../instance/instance.ts";
import type { Cli } from "./cli.ts";

/** The options of every command that writes. */
export interface AttributionOptions {
  readonly by?: string;
  readonly message?: string;
}

/** Adds `--by` and `--message` to a command that writes. */
export function withAttribution(command: Command): Command {
  return command
    .option(
      "--by <author>",
      "who makes the change (default: $SYNCLINE_AUTHOR, else the system user)",
    )
    .option("--message <text>", "why; kept in the log");
}

/** Who makes the change and why. */
export function attributionOf(cli: Cli, options: AttributionOptions): Required<Attribution> {
  const author = options.by ?? nonEmpty(cli.env.SYNCLINE_AUTHOR) ?? systemUser(cli);
  return { author, message: options.message ?? "" };
}

function systemUser(cli: Cli): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an account, as containers have them.
    return nonEmpty(cli.env.USER) ?? "unknown";
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
