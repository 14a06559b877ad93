import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import type { ObjectView } from "../../instance/instance.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import type { Cli } from "../cli.ts";
import { documentPatch, setPatch } from "../edit/document-patch.ts";
import { editText } from "../edit/editor.ts";
import { parseSets } from "../edit/set-option.ts";
import { examples } from "../examples.ts";
import { namesakes, warnOfNamesakes } from "../namesakes.ts";
import { printAuthored } from "../output/authored.ts";

interface Options extends AttributionOptions {
  readonly set: readonly string[];
}

export function addEdit(program: Command, cli: Cli): void {
  const command = program
    .command("edit")
    .description("change fields of an object, here or in $EDITOR")
    .argument("<object>", "type/name, a UUID or its beginning")
    .option(
      "--set <path=value>",
      "write one field: JSON when it is JSON, else text (repeatable)",
      (one: string, all: readonly string[]) => [...all, one],
      [] as readonly string[],
    );
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        "syncline edit package/bus-stops --set '/title=Bus stops'",
        "syncline edit package/bus-stops --set /private=true --set /extras/theme=transport",
        "syncline edit package/bus-stops        opens $EDITOR",
      ),
    )
    .action((ref: string, options: Options) =>
      options.set.length > 0 ? setFields(cli, ref, options) : editInEditor(cli, ref, options),
    );
}

async function setFields(cli: Cli, ref: string, options: Options): Promise<void> {
  const by = attributionOf(cli, options);
  const writes = parseSets(options.set);
  const name = writes.findLast(({ path }) => path === "/name")?.value;
  await withWriter(cli, async (writer) => {
    const view = await writer.get(ref);
    const others = await namesakes(writer, view, name);
    const patch = setPatch(documentOf(view, ref), writes);
    printAuthored(cli, "changed", await writer.patch(view.id, patch, by));
    warnOfNamesakes(cli, others);
  });
}

/**
 * The folder is free for others while the editor is open; when the object has changed by then,
 * the edit is refused and the text is kept.
 */
async function editInEditor(cli: Cli, ref: string, options: Options): Promise<void> {
  const by = attributionOf(cli, options);
  const view = await withWriter(cli, (writer) => writer.get(ref));
  const document = documentOf(view, ref);
  const edited = await editText(cli, document, view.name ?? view.id);
  const outcome = await edited.store((after: JsonObject): Promise<AuthorOutcome> => {
    const patch = documentPatch(document, after);
    if (patch.length === 0) return Promise.resolve(unchanged);
    const change = { kind: "patch", object: view.id, ifRevision: view.revision, patch } as const;
    return withWriter(cli, (writer) => writer.change({ ...by, changes: [change] }));
  });
  printAuthored(cli, "changed", outcome);
}

const unchanged: AuthorOutcome = { changeset: null, revisions: [], unchanged: 1 };

function documentOf(view: ObjectView, ref: string): JsonObject {
  if (view.parked === true) {
    throw new SynclineError("OBJECT_PARKED", `${ref} was changed by a newer version of Syncline`, {
      hint: "update Syncline on this instance",
    });
  }
  if (view.document !== null) return view.document;
  throw new SynclineError("OBJECT_DELETED", `${ref} is deleted`, {
    hint: `syncline undelete ${view.id} brings it back`,
  });
}
