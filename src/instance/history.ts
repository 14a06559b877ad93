import { hlcToIso } from "../base/hlc.ts";
import { instanceOf, type RevisionId } from "../base/ids.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { leavesOf } from "../model/content.ts";
import { diffContent } from "../model/patch.ts";
import type { Changeset, Revision } from "../model/record.ts";
import type { EntryRow } from "../store/rows.ts";
import { findObject } from "./find-object.ts";
import { entriesOf, textAtRevision } from "./find-revision.ts";
import type { HistoryEntry, ObjectRef, RevisionDiff } from "./instance.ts";
import { type Merge, mergesOf } from "./merges.ts";
import type { InstanceParts } from "./parts.ts";

/** The revisions of an object and the merges among them, newest first. */
export async function historyOf(parts: InstanceParts, ref: ObjectRef): Promise<HistoryEntry[]> {
  const row = await findObject(parts.store, parts.search, ref);
  const merges = await mergesOf(parts.store, row);
  const heads = new Set<RevisionId>(row.heads);
  const history: HistoryEntry[] = [];
  const merged = new Map<RevisionId, { readonly merge: Merge; readonly at: number }>();
  const note = (merge: Merge | undefined): void => {
    // The oldest revision made on a merge is the one that it stands below.
    if (merge !== undefined) merged.set(merge.id, { merge, at: history.length });
  };
  note(merges.open);
  for await (const entry of entriesOf(parts.store, row)) {
    history.push(historyEntry(entry, heads.has(entry.id)));
    note(await merges.below(JSON.parse(entry.text) as Revision));
  }
  return withMerges(history, [...merged.values()]);
}

/** Puts each merge in its place. Its time is that of the newest revision in it. */
function withMerges(
  history: readonly HistoryEntry[],
  merged: readonly { readonly merge: Merge; readonly at: number }[],
): HistoryEntry[] {
  const hlcs = new Map(history.map(({ revision, hlc }) => [revision, hlc]));
  const all: HistoryEntry[] = [...history];
  for (const { merge, at } of merged.toSorted((a, b) => b.at - a.at)) {
    const hlc = Math.max(...merge.parents.map((parent) => hlcs.get(parent) as number));
    all.splice(at, 0, {
      kind: "merge",
      lsn: null,
      revision: merge.id,
      parents: merge.parents,
      ...{ changeset: null, author: null, message: null, instance: null },
      hlc,
      time: hlcToIso(hlc),
      patch: [],
      head: false,
    });
  }
  return all;
}

/** A log entry with its record read; both were checked when they were stored. */
function historyEntry({ lsn, text, changeset }: EntryRow, head: boolean): HistoryEntry {
  const revision = JSON.parse(text) as Revision;
  const { author, message } = JSON.parse(changeset as string) as Changeset;
  return {
    kind: "revision",
    lsn,
    revision: revision.id,
    parents: revision.parents,
    changeset: revision.changeset,
    author,
    message,
    hlc: revision.hlc,
    time: hlcToIso(revision.hlc),
    instance: instanceOf(revision.actor),
    patch: revision.patch,
    head,
  };
}

/** What leads from one revision of an object to another, whatever their order in history. */
export async function diffRevisions(
  parts: InstanceParts,
  ref: ObjectRef,
  from: string,
  to: string,
): Promise<RevisionDiff> {
  const { store, search } = parts;
  const row = await findObject(store, search, ref);
  const [start, end] = [
    await textAtRevision(store, row, from),
    await textAtRevision(store, row, to),
  ];
  const before = JSON.parse(start.text) as JsonObject;
  const after = JSON.parse(end.text) as JsonObject;
  const patch = diffContent(before, after);
  const leaves = leavesOf(before);
  const taken: Record<string, Json> = {};
  for (const { op, path } of patch) {
    if (op !== "add") taken[path] = leaves.get(path) as Json;
  }
  return { object: row.id, from: start.id, to: end.id, patch, before: taken };
}
