import { compareCodeUnits } from "../base/canonical.ts";
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
  /** Sorted by revision id, each revision once. */
  readonly candidates: readonly ConflictCandidate[];
  readonly chosen: Chosen;
  /** `newest`, `priority`, `set`, `text`, `edit-wins`, `delete-wins`, `structure` or `authored`. */
  readonly rule: string;
}

/** The value that stands, and the revision that wrote it; null where no single one did. */
export interface Chosen {
  readonly revision: RevisionId | null;
  readonly value: Leaf;
}

export interface ConflictCandidate {
  readonly revision: RevisionId;
  /** The candidate's value at the conflict's own path; undefined for none. */
  readonly value: Leaf;
  /** True for the restatement of a merge by somebody who saved something else over it. */
  readonly merged: boolean;
}

/** Whose conflict it is, and where. */
export interface Place {
  readonly object: ObjectId;
  readonly path: string;
  readonly base: Leaf;
}

/** The conflict of these candidates; of several entries of one revision the first counts. */
export function conflictOf(
  { object, path, base }: Place,
  kind: ConflictKind,
  entries: readonly ConflictCandidate[],
  chosen: Chosen,
  rule: string,
): Conflict {
  const byRevision = new Map<RevisionId, ConflictCandidate>();
  for (const { revision, value, merged } of entries) {
    if (!byRevision.has(revision)) byRevision.set(revision, { revision, value, merged });
  }
  const candidates = [...byRevision.values()].sort((a, b) =>
    compareCodeUnits(a.revision, b.revision),
  );
  const revisions = candidates.map(({ revision }) => revision);
  const id = conflictId(object, path, kind, revisions);
  return { id, object, path, kind, base, candidates, chosen, rule };
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
