import { asSynclineError, type SynclineError } from "../../base/errors.ts";
import type { Cli } from "../cli.ts";
import { stylesFor } from "./styles.ts";
import { printable } from "./text.ts";
import { wrap } from "./wrap.ts";

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** Done, with open conflicts, where that was asked for. */
export const EXIT_CONFLICTS = 3;
/** Done, but some input or records were refused. */
export const EXIT_REFUSED = 4;

const INTERNAL_HINT = "this is a fault in Syncline; SYNCLINE_DEBUG=1 shows where it happened";

/** Says what went wrong and what to do about it, and returns the exit code. */
export function reportFailure(cli: Cli, thrown: unknown): number {
  const error = asSynclineError(thrown);
  if (cli.json) cli.out.write(`${JSON.stringify({ error: errorDocument(error) }, null, 2)}\n`);
  cli.err.write(describeError(cli, error));
  if (cli.env.SYNCLINE_DEBUG === "1") cli.err.write(`${stackOf(error)}\n`);
  return error.code === "USAGE" ? EXIT_USAGE : EXIT_FAILED;
}

function errorDocument({ code, message, where, hint }: SynclineError): object {
  return { code, message, where: where ?? null, hint: hint ?? null };
}

function describeError(cli: Cli, error: SynclineError): string {
  const styles = stylesFor(cli.err);
  const say = (text: string, indent: string): string => {
    // A line too long for a terminal breaks at a word, not where the terminal ends.
    const lines = cli.err.isTerminal ? wrap(text, cli.err.columns - indent.length) : [text];
    return lines.map((line) => `${indent}${line}\n`).join("");
  };
  const parts = [say(`${styles.bad("error:")} ${printable(error.message)} [${error.code}]`, "")];
  if (error.where !== undefined) parts.push(say(`at ${printable(error.where)}`, "  "));
  const hint = error.hint ?? (error.code === "INTERNAL" ? INTERNAL_HINT : undefined);
  if (hint !== undefined) parts.push(say(`hint: ${printable(hint)}`, "  "));
  return parts.join("");
}

function stackOf(error: SynclineError): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${error.cause.stack}` : own;
}
