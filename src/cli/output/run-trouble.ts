import type { RunRow } from "../../store/rows.ts";
import type { Cli } from "../cli.ts";
import { stylesFor } from "./styles.ts";
import { printable } from "./text.ts";

/** Says what of a run was refused, and why it did not come to its end. */
export function reportTrouble(cli: Cli, run: RunRow): void {
  const { bad, warning } = stylesFor(cli.err);
  for (const { id, code } of run.refused) {
    cli.err.write(`${warning("refused")} record ${id ?? "without a readable id"} [${code}]\n`);
  }
  if (run.outcome === "ok") return;
  const { code, message, hint } = run.error ?? { code: "SYNC_FAILED", message: run.outcome };
  cli.err.write(`${bad("error:")} ${printable(message)} [${code}]\n  at link ${run.link}\n`);
  if (hint !== undefined) cli.err.write(`  hint: ${printable(hint)}\n`);
}
