import { SynclineError } from "../base/errors.ts";
import { isUuid, type Lsn, type RevisionId } from "../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../base/limits.ts";
import type { EntryRow, ObjectRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { refOf } from "./find-object.ts";
import { idPrefix } from "./parse-ref.ts";

type Reader = Pick<Store, "entry" | "entries">;

/** All log entries of an object, newest first. */
export async function* entriesOf(reader: Reader, object: ObjectRow): AsyncGenerator<EntryRow> {
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

/**
 * The revision of an object that an id, or the beginning of one, names. Throws
 * `REVISION_NOT_FOUND`, also for a revision of another object, and `OBJECT_AMBIGUOUS`.
 */
export async function findRevision(
  reader: Reader,
  object: ObjectRow,
  given: string,
): Promise<RevisionId> {
  const id = given.toLowerCase();
  if (isUuid(id)) {
    const entry = await reader.entry(id as RevisionId);
    if (entry?.object === object.id) return entry.id;
    throw notFound(object, given);
  }
  const prefix = idPrefix(given);
  const fitting: RevisionId[] = [];
  if (prefix !== undefined) {
    for await (const entry of entriesOf(reader, object)) {
      if (entry.id.startsWith(prefix)) fitting.push(entry.id);
    }
  }
  const [found, second] = fitting;
  if (second !== undefined) {
    throw new SynclineError("OBJECT_AMBIGUOUS", `several revisions begin with "${given}"`, {
      where: refOf(object),
      hint: `give more of one: ${fitting.slice(0, 5).join(", ")}`,
    });
  }
  if (found === undefined) throw notFound(object, given);
  return found;
}

function notFound(object: ObjectRow, given: string): SynclineError {
  return new SynclineError("REVISION_NOT_FOUND", `${refOf(object)} has no revision "${given}"`, {
    where: given,
    hint: `list them: syncline log ${object.type}/${object.name ?? object.id}`,
  });
}
