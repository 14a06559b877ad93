import type { ObjectId } from "../../base/ids.ts";
import type { LeftWhere, Stay } from "../../store/leaving.ts";
import type { Store } from "../../store/store.ts";

/** An object that would have left the scope of the link. */
export interface WouldLeave {
  readonly object: ObjectId;
  readonly type: string;
  readonly name: string | null;
  readonly isLive: boolean;
  readonly isDropped: boolean;
  /** Why it would not be dropped, over a link that drops. */
  readonly stays: Stay | null;
}

/**
 * By the copy in which everything has come and nothing was dropped: what left the scope there and not
 * here; and, over a link that drops, all that it would drop.
 */
export async function whatLeaves(
  { store, copy }: { readonly store: Store; readonly copy: Store },
  where: LeftWhere,
  drops: boolean,
): Promise<WouldLeave[]> {
  const before = new Set((await store.leaving(where)).map(({ object }) => object));
  const leaving: WouldLeave[] = [];
  for (const { object, isLive, stays } of await copy.leaving(where)) {
    const isDropped = drops && stays === null;
    const row = await copy.object(object);
    if (row === undefined || (before.has(object) && !isDropped)) continue;
    leaving.push({ object, type: row.type, name: row.name, isLive, isDropped, stays });
  }
  return leaving;
}
