import type { Lsn, RevisionId } from "../../../src/base/ids.ts";

/** A log as far as claims about it go. */
export interface ClaimedLog {
  readonly length: number;
  idAt(lsn: Lsn): RevisionId | undefined;
}

/**
 * Claims that a target durably holds its source's log up to a position. A cursor claims that, so
 * does an ACK, and a run that ended ok. What was found true stays true: logs only grow.
 */
export class Claims {
  readonly #source: ClaimedLog;
  readonly #targetHolds: (id: RevisionId) => boolean;
  #proven: Lsn = 0;

  constructor(source: ClaimedLog, targetHolds: (id: RevisionId) => boolean) {
    this.#source = source;
    this.#targetHolds = targetHolds;
  }

  /** What is wrong with the claim of `who`. */
  check(who: string, lsn: Lsn): string | undefined {
    const { length } = this.#source;
    if (lsn > length) return `${who} claims ${lsn} entries, the source's log has ${length}`;
    for (; this.#proven < lsn; this.#proven++) {
      const id = this.#source.idAt(this.#proven + 1);
      if (id !== undefined && this.#targetHolds(id)) continue;
      return `${who} claims ${lsn} entries, but entry ${this.#proven + 1}, ${id}, is not held`;
    }
    return undefined;
  }
}
