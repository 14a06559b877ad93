import type { ObjectId, RevisionId } from "../../../src/base/ids.ts";

/**
 * Without merging, an object with several heads keeps serving the line of work it served: what is
 * served moves to a descendant, never aside and never back.
 */
export class LocalLine {
  readonly #parents = new Map<RevisionId, readonly RevisionId[]>();
  readonly #served = new Map<ObjectId, RevisionId>();

  /** A revision that came into the log. */
  logged(id: RevisionId, parents: readonly RevisionId[]): void {
    this.#parents.set(id, parents);
  }

  /** What is served after a commit. */
  serves(object: ObjectId, revision: RevisionId): string | undefined {
    const before = this.#served.get(object);
    this.#served.set(object, revision);
    if (before === undefined || this.#descends(revision, before)) return undefined;
    return `object ${object} served ${before}, and now ${revision}, which does not build on it`;
  }

  #descends(revision: RevisionId, ancestor: RevisionId): boolean {
    const open = [revision];
    const seen = new Set<RevisionId>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === ancestor) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(this.#parents.get(next) ?? []));
    }
    return false;
  }
}
