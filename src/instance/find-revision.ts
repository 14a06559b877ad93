import { SynclineError } from "../base/errors.ts";
import { isUuid, type Lsn, type RevisionId } from "../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../base/limits.ts";
import type { Revision } from "../model/record.ts";
import type { EntryRow, ObjectRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { refOf } from "./find-object.ts";
import { type Merge, mergesOf } from "./merges.ts";
import { idPrefix } from "./parse-ref.ts";

type Reader = Pick<Store, "entry" | "entries" | "policies" | "contentTextAt" | "mergedTextAt">;

/** All log entries of an object, newest first. */
export async function* entriesOf(
  reader: Pick<Store, "entries">,
  object: Pick<ObjectRow, "id">,
): AsyncGenerator<EntryRow> {
  let before: Lsn | undefined;
  for (;;) {
    const page = await reader.entries({
      object: object.id,
      reverse: true,
      limit: PAGE_ITEMS_MAX,
      ...(before === undefined ? {} : { before }),
    });
    yield* page;
    if (page.length < PAGE_ITEMS_MAX) return;
    before = page.at(-1)?.lsn;
  }
}

/** A revision of an object, or a merge in its history, with its canonical content text. */
export interface RevisionText {
  readonly id: RevisionId;
  readonly text: string;
}

/**
 * What an object says at the revision or merge that an id, or the beginning of one, names. Throws
 * `REVISION_NOT_FOUND`, also for a revision of another object, and `OBJECT_AMBIGUOUS`.
 */
export async function textAtRevision(
  reader: Reader,
  object: ObjectRow,
  given: string,
): Promise<RevisionText> {
  const { id, parents } = await findRevision(reader, object, given);
  if (id === object.revision) return { id, text: object.text };
  const text =
    parents === null ? await reader.contentTextAt(id) : await reader.mergedTextAt(parents);
  return { id, text };
}

/** The parents of a merge; null for a revision that somebody made. */
type Found = { readonly id: RevisionId; readonly parents: Merge["parents"] | null };

async function findRevision(reader: Reader, object: ObjectRow, given: string): Promise<Found> {
  const id = given.toLowerCase();
  if (isUuid(id)) {
    const entry = await reader.entry(id as RevisionId);
    if (entry?.object === object.id) return { id: entry.id, parents: null };
  }
  const prefix = idPrefix(given);
  const fitting = prefix === undefined ? [] : await beginningWith(reader, object, prefix);
  const [found, second] = fitting;
  if (second !== undefined) {
    throw new SynclineError("OBJECT_AMBIGUOUS", `several revisions begin with "${given}"`, {
      where: refOf(object),
      hint: `give more of one: ${fitting
        .slice(0, 5)
        .map((one) => one.id)
        .join(", ")}`,
    });
  }
  if (found === undefined) throw notFound(object, given);
  return found;
}

/** The revisions and merges of an object whose id begins so. */
async function beginningWith(reader: Reader, object: ObjectRow, prefix: string): Promise<Found[]> {
  const merges = await mergesOf(reader, object);
  const all: Found[] = merges.open === undefined ? [] : [merges.open];
  for await (const entry of entriesOf(reader, object)) {
    all.push({ id: entry.id, parents: null });
    const merge = await merges.below(JSON.parse(entry.text) as Revision);
    if (merge !== undefined) all.push(merge);
  }
  const fitting = all.filter(({ id }) => id.startsWith(prefix));
  // Two revisions may have been made on one merge.
  return [...new Map(fitting.map((one) => [one.id, one])).values()];
}

function notFound(object: ObjectRow, given: string): SynclineError {
  return new SynclineError("REVISION_NOT_FOUND", `${refOf(object)} has no revision "${given}"`, {
    where: given,
    hint: `list them: syncline log ${object.type}/${object.name ?? object.id}`,
  });
}
