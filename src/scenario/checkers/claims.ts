import type { Lsn, ObjectId, RevisionId } from "../../base/ids.ts";

/** An entry as far as claims about it go. */
export interface ClaimedEntry {
  readonly id: RevisionId;
  readonly object: ObjectId;
}

/** A log as far as claims about it go. */
export interface ClaimedLog {
  readonly length: number;
  /** Undefined for what is gone. */
  entryAt(lsn: Lsn): ClaimedEntry | undefined;
}

/**
 * Claims that a target durably holds its source's log up to a position. A cursor claims that, so
 * does an ACK, and a run that ended ok. What was found true stays true: logs only grow, and what is
 * gone does not come back.
 */
export class Claims {
  readonly #source: ClaimedLog;
  readonly #targetHolds: (entry: ClaimedEntry) => boolean;
  #proven: Lsn = 0;

  constructor(source: ClaimedLog, targetHolds: (entry: ClaimedEntry) => boolean) {
    this.#source = source;
    this.#targetHolds = targetHolds;
  }

  /** What is wrong with the claim of `who`. */
  check(who: string, lsn: Lsn): string | undefined {
    const { length } = this.#source;
    if (lsn > length) return `${who} claims ${lsn} entries, the source's log has ${length}`;
    for (; this.#proven < lsn; this.#proven++) {
      const entry = this.#source.entryAt(this.#proven + 1);
      if (entry === undefined || this.#targetHolds(entry)) continue;
      return `${who} claims ${lsn} entries, but entry ${this.#proven + 1}, ${entry.id}, is not held`;
    }
    return undefined;
  }
}
