import { derivedId, type ObjectId, type RevisionId } from "../base/ids.ts";
import type { Leaf } from "./leaf-writes.ts";

export type ConflictKind = "value" | "text" | "delete" | "structure" | "name";

/** One path where the heads disagree. Everything here is the same on every instance. */
export interface Conflict {
  readonly id: string;
  readonly object: ObjectId;
  readonly path: string;
  readonly kind: ConflictKind;
  /** The value below the region, before the edits that disagree. */
  readonly base: Leaf;
  /** Sorted by revision id. */
  readonly candidates: readonly ConflictCandidate[];
  readonly chosen: { readonly revision: RevisionId | null; readonly value: Leaf };
  /** `newest`, `priority`, `set`, `text`, `edit-wins`, `delete-wins` or `structure`. */
  readonly rule: string;
}

export interface ConflictCandidate {
  readonly revision: RevisionId;
  readonly value: Leaf;
  /** For a restated merge: the edits behind it. */
  readonly merged: boolean;
}

/** The id of a conflict: no policy in it, so links to a conflict survive a change of policy. */
export function conflictId(
  object: ObjectId,
  path: string,
  kind: ConflictKind,
  candidates: readonly RevisionId[],
): string {
  const named = kind === "text" ? "value" : kind;
  return derivedId(["syncline/conflict/1", object, path, named, [...candidates]]);
}

/** The id of a merge revision: of what is merged, by which rules, and nothing else. */
export function mergeId(
  algorithm: number,
  policyHash: string,
  object: ObjectId,
  frontier: readonly RevisionId[],
): RevisionId {
  const parts = ["syncline/merge", algorithm, policyHash, object, [...frontier]];
  return derivedId(parts) as RevisionId;
}
