import { SynclineError } from "../../base/errors.ts";
import { isUuid } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { parsePointer } from "../../base/pointer.ts";
import type { ConflictRecord } from "../../merge/conflict-log.ts";
import type { ConflictFilter, ConflictRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { findObject } from "../find-object.ts";
import type { ObjectRef } from "../instance.ts";
import { idPrefix } from "../parse-ref.ts";
import type { InstanceParts } from "../parts.ts";
import { type ConflictItem, conflictItems } from "./conflict-item.ts";

/** Which conflicts, in id order. */
export interface ConflictQuery {
  readonly status?: ConflictRecord["status"];
  readonly type?: string;
  readonly object?: ObjectRef;
  /** At this path or below it. */
  readonly path?: string;
  /** Only conflicts after this id: the `next` of the page before. */
  readonly after?: string;
  /** 1 to 1,000; 1,000 unless given. */
  readonly limit?: number;
}

/** Conflicts in id order; `next` is the `after` of the following page, null at the end. */
export interface ConflictPage {
  readonly items: readonly ConflictItem[];
  readonly next: string | null;
}

const LISTED_MAX = 5;
const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Lists conflicts. Throws `USAGE`, `INVALID_POINTER`, and what naming an object throws. */
export async function listConflicts(
  parts: InstanceParts,
  query: ConflictQuery,
): Promise<ConflictPage> {
  const { store } = parts;
  const filter = await filterOf(parts, query);
  const rows = await store.conflicts(filter);
  const last = rows.at(-1)?.id;
  const isMore =
    last !== undefined &&
    rows.length === filter.limit &&
    (await store.conflicts({ ...filter, after: last, limit: 1 })).length > 0;
  return { items: await conflictItems(store, rows), next: isMore ? last : null };
}

/** A query as the store takes it. */
export async function filterOf(
  { store, search }: InstanceParts,
  { object, limit = PAGE_ITEMS_MAX, ...rest }: ConflictQuery,
): Promise<ConflictFilter> {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > PAGE_ITEMS_MAX) {
    throw new SynclineError("USAGE", `a limit is a number from 1 to ${PAGE_ITEMS_MAX}`);
  }
  if (rest.after !== undefined && !isUuid(rest.after)) {
    throw new SynclineError("USAGE", "a page begins after a conflict's whole id", {
      where: String(rest.after).slice(0, 60),
      hint: "give the next of the page before",
    });
  }
  if (rest.path !== undefined) parsePointer(rest.path);
  if (object === undefined) return { ...rest, limit };
  return { ...rest, limit, object: (await findObject(store, search, object)).id };
}

/**
 * The conflict that an id, or the first 8 or more digits of one, names. Throws
 * `CONFLICT_NOT_FOUND`, `OBJECT_AMBIGUOUS`.
 */
export async function findConflict(
  store: Pick<Store, "conflict" | "conflicts">,
  given: string,
): Promise<ConflictRow> {
  const id = given.toLowerCase();
  const found = isUuid(id) ? [await store.conflict(id)] : await beginningWith(store, given);
  const [row, second] = found;
  if (row === undefined) throw noConflict(given);
  if (second === undefined) return row;
  throw new SynclineError("OBJECT_AMBIGUOUS", `several conflicts begin with "${given}"`, {
    where: given,
    hint: `give more of one: ${found.map((one) => one?.id).join(", ")}`,
  });
}

async function beginningWith(store: Pick<Store, "conflicts">, given: string) {
  const prefix = idPrefix(given);
  if (prefix === undefined) return [];
  // No derived id is all zeros after its beginning.
  const after = prefix + NO_ID.slice(prefix.length);
  const rows = await store.conflicts({ after, limit: LISTED_MAX });
  return rows.filter((row) => row.id.startsWith(prefix));
}

function noConflict(given: string): SynclineError {
  return new SynclineError("CONFLICT_NOT_FOUND", `no conflict "${given}"`, {
    where: given,
    hint: "list them: syncline conflicts list; a clash of names is gone once it has ended",
  });
}
