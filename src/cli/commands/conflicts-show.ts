import type { Command } from "commander";
import type { RevisionId } from "../../base/ids.ts";
import { authorship, type ConflictItem } from "../../instance/conflicts/conflict-item.ts";
import type { Instance } from "../../instance/instance.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { Lookup, valueIn } from "../lookup.ts";
import { type ConflictContext, describeConflict } from "../output/conflict.ts";

export function addConflictsShow(conflicts: Command, cli: Cli): void {
  conflicts
    .command("show")
    .description("explain one conflict, and how to decide it")
    .argument("<id>", "the conflict's id or its beginning")
    .addHelpText(
      "after",
      examples("syncline conflicts show 3f2a9c1e", "syncline conflicts show 3f2a9c1e --json"),
    )
    .action((id: string) => show(cli, id));
}

async function show(cli: Cli, id: string): Promise<void> {
  await withReader(cli, async (instance) => {
    const item = await instance.conflict(id);
    if (cli.json) printJson(cli, item);
    else cli.out.write(describeConflict(item, await contextOf(cli, instance, item), cli.out));
  });
}

async function contextOf(
  cli: Cli,
  instance: Instance,
  item: ConflictItem,
): Promise<ConflictContext> {
  const lookup = await Lookup.of(instance);
  return {
    object: await lookup.objectName(item.object),
    now: await lookup.valueAt(item.object, item.path),
    instanceName: (id) => lookup.instanceName(id),
    other: item.kind === "name" ? await otherObject(instance, item, lookup) : null,
    decision: item.resolvedBy === null ? null : await decisionOf(instance, item, item.resolvedBy),
    program: cli.folder === undefined ? "syncline" : `syncline -C ${quoted(cli.folder)}`,
  };
}

/** The object whose edit of the name came first. */
async function otherObject(
  { store }: Instance,
  { chosen }: ConflictItem,
  lookup: Lookup,
): Promise<ConflictContext["other"]> {
  const entry = chosen.revision === null ? undefined : await store.entry(chosen.revision);
  if (entry === undefined) return null;
  return { id: entry.object, name: await lookup.objectName(entry.object) };
}

async function decisionOf(
  { store }: Instance,
  { path }: ConflictItem,
  revision: RevisionId,
): Promise<ConflictContext["decision"]> {
  const by = await authorship(store, revision);
  if (by.author === null) return null;
  const value = valueIn(JSON.parse(await store.contentTextAt(revision)), path);
  return { revision, ...by, ...(value === undefined ? {} : { value }) };
}

/** A word as a shell reads it again. */
function quoted(word: string): string {
  return /^[\w./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
