import { hlcToIso } from "../../base/hlc.ts";
import { type InstanceId, instanceOf, type ObjectId, type RevisionId } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";
import { TURN_BYTES_MAX } from "../../base/limits.ts";
import { nextTurn } from "../../base/ports/timers.ts";
import type { ConflictKind } from "../../merge/conflict.ts";
import type { ConflictRecord } from "../../merge/conflict-log.ts";
import type { Leaf } from "../../merge/leaf-writes.ts";
import type { Changeset, Revision } from "../../model/record.ts";
import type { ConflictRow, EntryRow } from "../../store/rows.ts";
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
export async function conflictItems(
  store: Pick<Store, "entry">,
  rows: readonly ConflictRow[],
): Promise<ConflictItem[]> {
  const authors = new Authors(store);
  const items: ConflictItem[] = [];
  for (const row of rows) items.push(await itemOf(authors, row));
  return items;
}

export function conflictItem(store: Pick<Store, "entry">, row: ConflictRow): Promise<ConflictItem> {
  return itemOf(new Authors(store), row);
}

async function itemOf(authors: Authors, row: ConflictRow): Promise<ConflictItem> {
  const { id, kind, object, path, resolvedBy, rule, status, type, chosen } = row;
  const candidates: ConflictCandidateItem[] = [];
  for (const { revision, value } of row.candidates) {
    const { author, instance, message, time } = await authors.of(revision);
    candidates.push({ author, instance, message, revision, time, ...named("value", value) });
  }
  return {
    ...named("base", row.base),
    candidates,
    chosen: { revision: chosen.revision, ...named("value", chosen.value) },
    ...{ id, kind, object, path, resolvedBy, rule, status, type },
  };
}

/** A member that is left out for nothing. */
function named<Name extends string>(name: Name, leaf: Leaf): { readonly [name in Name]?: Json } {
  return (leaf === undefined ? {} : { [name]: leaf }) as { readonly [name in Name]?: Json };
}

type Authorship = Omit<ConflictCandidateItem, "revision" | "value">;

/** Reading an entry costs as much as so many bytes of its record. */
const ENTRY_BYTES = 2048;

/**
 * The authors of what one listing is about: two heads may disagree at thousands of paths, thousands
 * of heads at one. Each revision is read once, and others are served while many are.
 */
class Authors {
  readonly #store: Pick<Store, "entry">;
  readonly #known = new Map<RevisionId, Authorship>();
  #bytes = 0;

  constructor(store: Pick<Store, "entry">) {
    this.#store = store;
  }

  async of(id: RevisionId): Promise<Authorship> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const entry = await this.#store.entry(id);
    const authorship = authorshipIn(entry);
    this.#known.set(id, authorship);
    this.#bytes += ENTRY_BYTES + (entry?.text.length ?? 0);
    if (this.#bytes < TURN_BYTES_MAX) return authorship;
    this.#bytes = 0;
    await nextTurn();
    return authorship;
  }
}

/** Who made a revision, when and why; all null where it is not here. */
export async function authorship(store: Pick<Store, "entry">, id: RevisionId): Promise<Authorship> {
  return authorshipIn(await store.entry(id));
}

function authorshipIn(entry: EntryRow | undefined): Authorship {
  if (entry === undefined) return { author: null, instance: null, message: null, time: null };
  const { actor, hlc } = JSON.parse(entry.text) as Revision;
  const { author, message } = JSON.parse(entry.changeset as string) as Changeset;
  return { author, instance: instanceOf(actor), message, time: hlcToIso(hlc) };
}
