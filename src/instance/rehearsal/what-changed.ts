import type { Lsn, ObjectId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { Purge } from "../../model/record.ts";
import type { ConflictRow, ObjectRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";

export type Happening = "created" | "changed" | "deleted" | "undeleted" | "purged";

/** What would happen to one object. */
export interface WouldChange {
  readonly object: ObjectId;
  readonly type: string;
  readonly name: string | null;
  readonly what: Happening;
}

/** What became of a store's objects, by its copy in which that happened after a position. */
export async function whatChanged(store: Store, copy: Store, after: Lsn): Promise<WouldChange[]> {
  const changed: WouldChange[] = [];
  for (const id of await touched(store, copy, after)) {
    const [before, now] = [await store.object(id), await copy.object(id)];
    const what = happeningOf(before, now);
    const shown = now ?? before;
    if (what === null || shown === undefined) continue;
    changed.push({ object: id, type: shown.type, name: shown.name, what });
  }
  return changed;
}

async function touched(store: Store, copy: Store, after: Lsn): Promise<ReadonlySet<ObjectId>> {
  const ids = new Set<ObjectId>();
  for (let from = after; ; ) {
    const page = await copy.entries({ after: from, limit: PAGE_ITEMS_MAX });
    for (const { object } of page) ids.add(object);
    const last = page.at(-1)?.lsn;
    if (last === undefined) break;
    from = last;
  }
  for (const record of await copy.purges(after)) ids.add((JSON.parse(record) as Purge).object);
  const [before, now] = [await store.policies(), await copy.policies()];
  if (before.inForce.hash !== now.inForce.hash) for await (const id of merged(copy)) ids.add(id);
  return ids;
}

/** What depends on the policy: the objects with several heads. */
async function* merged(store: Store): AsyncGenerator<ObjectId> {
  for (let after: ObjectId | undefined; ; ) {
    const rest = after === undefined ? {} : { after };
    const page = await store.objects({ includeDeleted: true, limit: PAGE_ITEMS_MAX, ...rest });
    for (const { id, heads } of page) if (heads.length > 1) yield id;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

/** Null when readers would see no difference. */
function happeningOf(before: ObjectRow | undefined, now: ObjectRow | undefined): Happening | null {
  if (now === undefined) return before === undefined ? null : "purged";
  if (before === undefined) return now.deleted ? null : "created";
  if (before.deleted !== now.deleted) return now.deleted ? "deleted" : "undeleted";
  return before.bodyHash === now.bodyHash ? null : "changed";
}

/** The conflicts that are open in the copy alone. */
export async function newConflicts(store: Store, copy: Store): Promise<ConflictRow[]> {
  const found: ConflictRow[] = [];
  for (let after: string | undefined; ; ) {
    const page = await copy.conflicts({
      status: "open",
      limit: PAGE_ITEMS_MAX,
      ...(after === undefined ? {} : { after }),
    });
    for (const row of page) {
      if ((await store.conflict(row.id))?.status !== "open") found.push(row);
    }
    after = page.at(-1)?.id;
    if (after === undefined) return found;
  }
}
