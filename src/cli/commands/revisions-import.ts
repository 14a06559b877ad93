import type { Command } from "commander";
import { chunksUntil } from "../../instance/importing/chunks.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { openInput } from "../input/open-input.ts";
import { interruptible } from "../interrupt.ts";
import { EXIT_REFUSED } from "../output/failure.ts";
import { stylesFor } from "../output/styles.ts";
import { count, counted } from "../output/units.ts";

export function addRevisionsImport(revisions: Command, cli: Cli): void {
  revisions
    .command("import")
    .description("store records that revisions export printed; what is here already is skipped")
    .argument("<file>", "a file, gz too, or - for standard input")
    .addHelpText(
      "after",
      examples(
        "syncline revisions import today.jsonl.gz",
        "syncline -C a revisions export | syncline -C b revisions import -",
      ),
    )
    .action((file: string) => importRevisions(cli, file));
}

async function importRevisions(cli: Cli, file: string): Promise<void> {
  const input = await openInput(cli, file);
  const outcome = await withWriter(cli, (writer) =>
    interruptible(cli, (signal) => writer.importRevisions(chunksUntil(input.bytes, signal))),
  ).finally(() => input.close());
  if (outcome.refused.length > 0) cli.exitCode = EXIT_REFUSED;
  if (cli.json) {
    const { lsn, chain } = outcome.head;
    printJson(cli, { ...outcome, head: { lsn, chain: Buffer.from(chain).toString("hex") } });
    return;
  }
  cli.out.write(
    `stored ${counted(outcome.revisions, "revision")} of ${counted(outcome.objects, "object")}, ` +
      `${count(outcome.duplicates)} were here already\n`,
  );
  const { warning } = stylesFor(cli.err);
  for (const { id, code } of outcome.refused) {
    cli.err.write(`${warning("refused")} record ${id ?? "without a readable id"} [${code}]\n`);
  }
}
