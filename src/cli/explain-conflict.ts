import type { RevisionId } from "../base/ids.ts";
import { authorship, type ConflictItem } from "../instance/conflicts/conflict-item.ts";
import type { Instance } from "../instance/instance.ts";
import type { Cli } from "./cli.ts";
import { Lookup, valueIn } from "./lookup.ts";
import { type ConflictContext, describeConflict } from "./output/conflict.ts";
import { shellWord } from "./output/shell-word.ts";

/** A conflict as `conflicts show` prints it, with commands for the folder as it was given. */
export async function explainConflict(
  instance: Instance,
  item: ConflictItem,
  { folder, out }: Pick<Cli, "folder" | "out">,
): Promise<string> {
  return describeConflict(item, await contextOf(instance, item, folder), out);
}

async function contextOf(
  instance: Instance,
  item: ConflictItem,
  folder: string | undefined,
): Promise<ConflictContext> {
  const lookup = await Lookup.of(instance);
  return {
    object: await lookup.objectName(item.object),
    now: await lookup.valueAt(item.object, item.path),
    instanceName: (id) => lookup.instanceName(id),
    other: item.kind === "name" ? await otherObject(instance, item, lookup) : null,
    decision: item.resolvedBy === null ? null : await decisionOf(instance, item, item.resolvedBy),
    program: folder === undefined ? "syncline" : `syncline -C ${shellWord(folder)}`,
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
