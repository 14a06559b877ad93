import type { RevisionId } from "../base/ids.ts";
import { mergeId } from "../merge/conflict.ts";
import { ALGORITHM_VERSION, type Revision } from "../model/record.ts";
import type { ObjectRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** A merge in an object's history: what stands for several revisions together. */
export interface Merge {
  readonly id: RevisionId;
  /** Sorted; two or more. */
  readonly parents: readonly RevisionId[];
}

/** Names the merges of an object by the policy in force. */
export async function mergesOf(
  store: Pick<Store, "policies" | "entry">,
  { id, heads, revision, parked }: Pick<ObjectRow, "id" | "heads" | "revision" | "parked">,
): Promise<{
  /** The merge that stands for the heads; undefined for a single one, and for a parked object. */
  readonly open: Merge | undefined;
  /** The merge that a revision was made on; undefined for one parent or none. */
  below(revision: Pick<Revision, "parents" | "algorithm">): Promise<Merge | undefined>;
}> {
  const { hash } = (await store.policies()).inForce;
  const isMerged = heads.length > 1 && !parked;
  return {
    open: isMerged ? { id: revision, parents: heads } : undefined,
    async below({ parents, algorithm }) {
      if (parents.length < 2) return undefined;
      // A revision's parents may be of an older version than it states itself, not of a newer one.
      const isFirst = algorithm === ALGORITHM_VERSION;
      const version = isFirst ? algorithm : await newestStated(store, parents);
      return { id: mergeId(version, hash, id, parents), parents };
    },
  };
}

/** The newest version of the algorithm that these revisions state. */
async function newestStated(
  store: Pick<Store, "entry">,
  revisions: readonly RevisionId[],
): Promise<number> {
  let newest = ALGORITHM_VERSION;
  for (const id of revisions) {
    const entry = await store.entry(id);
    if (entry === undefined) continue;
    newest = Math.max(newest, (JSON.parse(entry.text) as Revision).algorithm);
  }
  return newest;
}
