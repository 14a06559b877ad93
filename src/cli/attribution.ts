import { userInfo } from "node:os";
import type { Command } from "commander";
import type { Attribution } from "../instance/instance.ts";
import { checkAttribution } from "../log/check-attribution.ts";
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

/** Who makes the change and why, checked before anything is opened. Throws `USAGE`. */
export function attributionOf(cli: Cli, options: AttributionOptions): Required<Attribution> {
  const author = options.by ?? nonEmpty(cli.env.SYNCLINE_AUTHOR) ?? systemUser(cli);
  const by = { author, message: options.message ?? "" };
  checkAttribution(by);
  return by;
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
