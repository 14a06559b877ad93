import type { ObjectId, RevisionId } from "../base/ids.ts";
import { MET_CONFLICTS_MAX } from "../base/limits.ts";
import type { Conflict } from "../merge/conflict.ts";

/**
 * What stored revisions of several parents met, remembered from plan to plan. It follows from what is
 * behind them and from the policy, so it stays true until the policy changes; finding it out again
 * for each edit of a much joined object would cost more with every join.
 */
export class MetConflicts {
  readonly #objects = new Map<ObjectId, Map<RevisionId, readonly Conflict[]>>();
  #policy = "";
  #count = 0;

  /** What a revision met, remembered or found out now. */
  of(
    { object, id }: { readonly object: ObjectId; readonly id: RevisionId },
    policyHash: string,
    find: () => readonly Conflict[],
  ): readonly Conflict[] {
    if (policyHash !== this.#policy || this.#count > MET_CONFLICTS_MAX) this.clear();
    this.#policy = policyHash;
    const known = this.#objects.get(object) ?? new Map<RevisionId, readonly Conflict[]>();
    this.#objects.set(object, known);
    const met = known.get(id) ?? find();
    if (!known.has(id)) this.#count += 1 + met.length;
    known.set(id, met);
    return met;
  }

  /** An object is gone, and what it said with it. */
  forget(object: ObjectId): void {
    this.#objects.delete(object);
  }

  clear(): void {
    this.#objects.clear();
    this.#count = 0;
  }
}
