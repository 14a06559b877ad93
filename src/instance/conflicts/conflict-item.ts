import { hlcToIso } from "../../base/hlc.ts";
import { type InstanceId, instanceOf, type ObjectId, type RevisionId } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";
import type { ConflictKind } from "../../merge/conflict.ts";
import type { ConflictRecord } from "../../merge/conflict-log.ts";
import type { Leaf } from "../../merge/leaf-writes.ts";
import type { Changeset, Revision } from "../../model/record.ts";
import type { ConflictRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";

/**
 * A conflict as `conflicts list --json` prints it: nothing in it is local, so it is the same text
 * on every instance that holds the same revisions and policy. Wherever a `value` (or `base`) is
 * left out, nothing stood at the path; `null` is a value.
 */
export interface ConflictItem {
  /** What stood there before the edits that disagree. */
  readonly base?: Json;
  /** Sorted by revision id. */
  readonly candidates: readonly ConflictCandidateItem[];
  /** What stands: the edit that wrote it, null where no single one did. */
  readonly chosen: { readonly revision: RevisionId | null; readonly value?: Json };
  readonly id: string;
  readonly kind: ConflictKind;
  readonly object: ObjectId;
  /** JSON pointer into the stored document. */
  readonly path: string;
  /** The revision that resolved it. */
  readonly resolvedBy: RevisionId | null;
  /**
   * `newest`, `priority`, `set`, `text`, `edit-wins`, `delete-wins`, `structure`, `suffix`, `alias`;
   * where a revision met the conflict: `authored` (it wrote the path) or `restated` (it did not).
   */
  readonly rule: string;
  readonly status: ConflictRecord["status"];
  readonly type: string;
}

/** What one side wants, and who that is; null where the revision is not here. */
export interface ConflictCandidateItem {
  readonly author: string | null;
  readonly instance: InstanceId | null;
  readonly message: string | null;
  readonly revision: RevisionId;
  /** ISO 8601. */
  readonly time: string | null;
  readonly value?: Json;
}

/** Rows as items, with the authors of their candidates. Keys are in canonical order. */
export function conflictItems(
  store: Pick<Store, "entry">,
  rows: readonly ConflictRow[],
): Promise<ConflictItem[]> {
  return Promise.all(rows.map((row) => conflictItem(store, row)));
}

export async function conflictItem(
  store: Pick<Store, "entry">,
  row: ConflictRow,
): Promise<ConflictItem> {
  const { id, kind, object, path, resolvedBy, rule, status, type, chosen } = row;
  return {
    ...named("base", row.base),
    candidates: await Promise.all(
      row.candidates.map(async ({ revision, value }) => {
        const { author, instance, message, time } = await authorship(store, revision);
        return { author, instance, message, revision, time, ...named("value", value) };
      }),
    ),
    chosen: { revision: chosen.revision, ...named("value", chosen.value) },
    ...{ id, kind, object, path, resolvedBy, rule, status, type },
  };
}

/** A member that is left out for nothing. */
function named<Name extends string>(name: Name, leaf: Leaf): { readonly [name in Name]?: Json } {
  return (leaf === undefined ? {} : { [name]: leaf }) as { readonly [name in Name]?: Json };
}

/** Who made a revision, when and why; all null where it is not here. */
export async function authorship(
  store: Pick<Store, "entry">,
  id: RevisionId,
): Promise<Omit<ConflictCandidateItem, "revision" | "value">> {
  const entry = await store.entry(id);
  if (entry === undefined) return { author: null, instance: null, message: null, time: null };
  const { actor, hlc } = JSON.parse(entry.text) as Revision;
  const { author, message } = JSON.parse(entry.changeset as string) as Changeset;
  return { author, instance: instanceOf(actor), message, time: hlcToIso(hlc) };
}
