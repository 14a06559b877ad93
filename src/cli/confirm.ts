import { createInterface } from "node:readline/promises";
import { SynclineError } from "../base/errors.ts";
import type { Cli } from "./cli.ts";

/**
 * Asks a person at a terminal before what cannot be undone; a script is not asked. Throws
 * `INTERRUPTED` unless the answer is yes.
 */
export async function confirm(cli: Cli, question: string): Promise<void> {
  const isPerson = (cli.stdin as { readonly isTTY?: boolean }).isTTY === true && cli.err.isTerminal;
  if (!isPerson) return;
  cli.err.write(`${question} [y/N] `);
  const lines = createInterface({ input: cli.stdin });
  try {
    for await (const answer of lines) {
      if (/^\s*y(es)?\s*$/i.test(answer)) return;
      break;
    }
  } finally {
    lines.close();
  }
  throw new SynclineError("INTERRUPTED", "not confirmed, so nothing was done", {
    hint: "--yes does it without asking",
  });
}
