import type { Command } from "commander";
import { notices } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { folderOf } from "../folder.ts";
import { EXIT_FAILED } from "../output/failure.ts";
import { commandProgress } from "../output/progress.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";
import { counted } from "../output/units.ts";

export function addVerify(program: Command, cli: Cli): void {
  program
    .command("verify")
    .description("re-hash all records, recompute all state, compare")
    .addHelpText("after", examples("syncline verify", "syncline -C backup verify --json"))
    .action(() => verify(cli));
}

async function verify(cli: Cli): Promise<void> {
  const progress = commandProgress(cli, "verifying");
  const { verifyFolder } = await import("../../instance/verify-folder.ts");
  const result = await verifyFolder(folderOf(cli), notices(cli), (step) =>
    progress.update(step),
  ).finally(() => progress.end());
  if (!result.ok) cli.exitCode = EXIT_FAILED;
  if (cli.json) {
    printJson(cli, result);
    return;
  }
  const checked = `${counted(result.revisions, "revision")}, ${counted(result.objects, "object")}`;
  const { good, bad } = stylesFor(cli.out);
  const verdict = result.ok ? good("sound:") : bad("damaged:");
  cli.out.write(`${verdict} ${checked}\n`);
  for (const { where, message } of result.findings) {
    cli.out.write(`  ${printable(`${where}: ${message}`)}\n`);
  }
  for (const { where, message } of result.notes) {
    cli.out.write(`  note: ${printable(`${where}: ${message}`)}\n`);
  }
}
