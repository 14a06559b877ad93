import type { SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { Excerpt } from "../../log/excerpt.ts";

/** Brings an index file up to the end of the log, when told to, on this thread or another. */
export interface Follower {
  /**
   * Goes on until the log's end, then reports. More calls meanwhile are one. `excerpt` is of what
   * was added last; a follower may use it instead of reading the log.
   */
  follow(excerpt?: Excerpt): void;
  /** Ends after the step that is under way. */
  close(): Promise<void>;
}

/** What a follower reports, always later than the call that caused it. */
export interface FollowerEvents {
  /** Everything up to `lsn` is in the index; `done` when that was the end of the log. */
  covered(lsn: Lsn, done: boolean): void;
  /** The file is another one now. */
  replaced(): void;
  /** It stopped before the end; the next `follow` tries again. */
  failed(error: SynclineError): void;
}
