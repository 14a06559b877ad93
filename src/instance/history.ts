import { hlcToIso } from "../base/hlc.ts";
import { instanceOf, type RevisionId } from "../base/ids.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { leavesOf } from "../model/content.ts";
import { diffContent } from "../model/patch.ts";
import type { Changeset, Revision } from "../model/record.ts";
import type { EntryRow } from "../store/rows.ts";
import { findObject } from "./find-object.ts";
import { entriesOf, findRevision } from "./find-revision.ts";
import type { HistoryEntry, ObjectRef, RevisionDiff } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";

/** The revisions of an object, newest first. */
export async function historyOf(parts: InstanceParts, ref: ObjectRef): Promise<HistoryEntry[]> {
  const row = await findObject(parts.store, parts.search, ref);
  const heads = new Set<RevisionId>(row.heads);
  const history: HistoryEntry[] = [];
  for await (const entry of entriesOf(parts.store, row)) {
    history.push(historyEntry(entry, heads.has(entry.id)));
  }
  return history;
}

/** A log entry with its record read; both were checked when they were stored. */
function historyEntry({ lsn, text, changeset }: EntryRow, head: boolean): HistoryEntry {
  const revision = JSON.parse(text) as Revision;
  const { author, message } = JSON.parse(changeset as string) as Changeset;
  return {
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
  const fromId = await findRevision(store, row, from);
  const toId = await findRevision(store, row, to);
  const before = JSON.parse(await store.contentTextAt(fromId)) as JsonObject;
  const after = JSON.parse(await store.contentTextAt(toId)) as JsonObject;
  const patch = diffContent(before, after);
  const leaves = leavesOf(before);
  const taken: Record<string, Json> = {};
  for (const { op, path } of patch) {
    if (op !== "add") taken[path] = leaves.get(path) as Json;
  }
  return { object: row.id, from: fromId, to: toId, patch, before: taken };
}
