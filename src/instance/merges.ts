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
  store: Pick<Store, "policies">,
  { id, heads }: Pick<ObjectRow, "id" | "heads">,
): Promise<{
  /** The merge that stands for the heads; undefined for a single one. */
  readonly open: Merge | undefined;
  /** The merge that a revision was made on; undefined for one parent or none. */
  below(revision: Pick<Revision, "parents">): Merge | undefined;
}> {
  const { hash } = (await store.policies()).inForce;
  const mergeOf = (parents: readonly RevisionId[]): Merge | undefined =>
    parents.length < 2 ? undefined : { id: mergeId(ALGORITHM_VERSION, hash, id, parents), parents };
  return { open: mergeOf(heads), below: ({ parents }) => mergeOf(parents) };
}
