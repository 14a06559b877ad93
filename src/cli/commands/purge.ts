import type { Command } from "commander";
import { isSynclineError } from "../../base/errors.ts";
import { isUuid } from "../../base/ids.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type { Writer } from "../../server/writer.ts";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import { type Cli, printJson } from "../cli.ts";
import { confirm } from "../confirm.ts";
import { examples } from "../examples.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";

interface Options extends AttributionOptions {
  readonly yes?: true;
}

export function addPurge(program: Command, cli: Cli): void {
  const command = program
    .command("purge")
    .description("remove an object and its history for good, here and at the peers")
    .argument("<object>", "type/name, a UUID or its beginning")
    .option("--yes", "do not ask");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        'syncline purge package/visitors --message "asked by its owner"',
        "syncline purge 0198c2f4 --yes",
      ),
    )
    .action(async (ref: string, options: Options) => {
      const by = attributionOf(cli, options);
      await remove(cli, ref, options, {
        done: "purged",
        question:
          "It goes with its whole history, here and wherever this arrives, and nothing\n" +
          "brings it back. To hide it instead: syncline delete. Purge it?",
        work: (writer, id) => writer.purge(id, { reason: by.message }, by),
        ofShunned: true,
      });
    });
}

export function addShun(program: Command, cli: Cli): void {
  const command = program
    .command("shun")
    .description("remove an object and its history for good, here only")
    .argument("<object>", "type/name, a UUID or its beginning")
    .option("--yes", "do not ask");
  withAttribution(command)
    .addHelpText(
      "after",
      examples("syncline shun package/visitors", "syncline shun 0198c2f4 --yes"),
    )
    .action(async (ref: string, options: Options) => {
      const by = attributionOf(cli, options);
      await remove(cli, ref, options, {
        done: "shunned",
        question:
          "It goes with its whole history and is not taken in again; others keep it.\nShun it?",
        work: (writer, id) => writer.shun(id, by),
        ofShunned: false,
      });
    });
}

/** A way to remove an object that cannot be undone. */
interface Removal {
  readonly done: string;
  readonly question: string;
  readonly work: (writer: Writer, id: string) => Promise<AuthorOutcome>;
  /** Whether an id may be that of an object which was shunned here. */
  readonly ofShunned: boolean;
}

async function remove(cli: Cli, ref: string, { yes }: Options, removal: Removal): Promise<void> {
  const { id, name } = await withWriter(cli, (writer) => named(writer, ref, removal));
  const subject = name === undefined ? id : `${printable(name)}  ${id}`;
  // The folder is free for others while the person thinks.
  if (yes !== true) await confirm(cli, `${subject}\n${removal.question}`);
  const outcome = await withWriter(cli, (writer) => removal.work(writer, id));
  if (cli.json) printJson(cli, outcome);
  else cli.out.write(`${removal.done} ${stylesFor(cli.out).strong(subject)}\n`);
}

async function named(
  writer: Writer,
  ref: string,
  { ofShunned }: Removal,
): Promise<{ readonly id: string; readonly name?: string }> {
  try {
    const { id, type, name, effectiveName } = await writer.get(ref);
    return { id, name: `${type}/${effectiveName ?? name ?? id}` };
  } catch (error) {
    const id = ref.toLowerCase();
    if (!ofShunned || !isSynclineError(error, "OBJECT_NOT_FOUND") || !isUuid(id)) throw error;
    return { id };
  }
}
