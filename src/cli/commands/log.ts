import type { Command } from "commander";
import { instanceOf, type Lsn, type ObjectId, type RevisionId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { HistoryEntry, Instance } from "../../instance/instance.ts";
import { positionSince } from "../../instance/revisions.ts";
import type { Revision } from "../../model/record.ts";
import type { EntryRow } from "../../store/rows.ts";
import { withReader } from "../access.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { Lookup } from "../lookup.ts";
import { describeEntry, describeMerge } from "../output/entry.ts";
import { sayWhyNothing } from "../output/nothing.ts";
import { printLines } from "../print-lines.ts";

export function addLog(program: Command, cli: Cli): void {
  program
    .command("log")
    .description("who changed what, newest first (--json: the records)")
    .argument("[object]", "only this object's revisions: type/name, a UUID or its beginning")
    .option("--since <x>", "only after this: revision, changeset, log position or time")
    .addHelpText(
      "after",
      examples(
        "syncline log | head",
        "syncline log package/bus-stops",
        "syncline log --since 2026-01-15T10:20:00Z --json",
      ),
    )
    .action((ref: string | undefined, options: { since?: string }) =>
      withReader(cli, (instance) => log(cli, instance, ref, options.since)),
    );
}

async function log(cli: Cli, instance: Instance, ref?: string, since?: string): Promise<void> {
  const object = ref === undefined ? undefined : (await instance.get(ref)).id;
  const after = since === undefined ? 0 : await positionSince(instance, since);
  const printed = await printLines(
    cli,
    cli.json
      ? records(instance, after, object)
      : descriptions(cli, instance, newestFirst(instance, after, object), object),
  );
  if (printed === 0) await sayWhyNothing(cli, instance, since);
}

/** Record bytes verbatim, in log order. */
async function* records(
  instance: Instance,
  after: Lsn,
  object: ObjectId | undefined,
): AsyncGenerator<string> {
  const limit = PAGE_ITEMS_MAX;
  let from = after;
  for (;;) {
    const page = await instance.entries({ after: from, limit, ...(object && { object }) });
    for (const entry of page) yield entry.text;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return;
    from = last.lsn;
  }
}

async function* newestFirst(
  instance: Instance,
  after: Lsn,
  object: ObjectId | undefined,
): AsyncGenerator<EntryRow> {
  let before: Lsn | undefined;
  for (;;) {
    const page = await instance.entries({
      after,
      reverse: true,
      // A first look is mostly at the newest; a small first page shows it at once.
      limit: before === undefined ? 50 : PAGE_ITEMS_MAX,
      ...(before === undefined ? {} : { before }),
      ...(object && { object }),
    });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    before = last.lsn;
  }
}

/** The merges of one object, by the revision that each stands below; no entries of the log. */
async function mergesIn(
  instance: Instance,
  object: ObjectId,
): Promise<ReadonlyMap<RevisionId | undefined, HistoryEntry>> {
  const history = await instance.history(object);
  const merges = history.map((entry, at) => [history[at - 1]?.revision, entry] as const);
  return new Map(merges.filter(([, { kind }]) => kind === "merge"));
}

async function* descriptions(
  cli: Cli,
  instance: Instance,
  entries: AsyncIterable<EntryRow>,
  object: ObjectId | undefined,
): AsyncGenerator<string> {
  const names = new Map<ObjectId, string>();
  const merges = object === undefined ? new Map() : await mergesIn(instance, object);
  const newest = merges.get(undefined);
  if (newest !== undefined) yield describeMerge(newest, cli.out);
  const lookup = await Lookup.of(instance);
  for await (const entry of entries) {
    let name = names.get(entry.object);
    if (name === undefined) {
      const row = await instance.store.object(entry.object);
      name = row?.effectiveName ?? row?.name ?? entry.object;
      names.set(entry.object, name);
    }
    const actor = instanceOf((JSON.parse(entry.text) as Revision).actor);
    const isOwn = actor === instance.identity.instance;
    yield describeEntry(
      entry,
      { name, instance: isOwn ? null : lookup.instanceName(actor) },
      cli.out,
    );
    const merge = merges.get(entry.id);
    if (merge !== undefined) yield describeMerge(merge, cli.out);
  }
}
