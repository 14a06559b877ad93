import type { Lsn, ObjectId } from "../base/ids.ts";
import type { Excerpt } from "../log/excerpt.ts";
import type { Awaitable } from "../store/store.ts";

/** What to look for. Filters are combined with AND; `text` may be empty. */
export interface SearchQuery {
  /** Words that must all occur (the last one as a prefix); `"quoted words"` as a phrase. */
  readonly text: string;
  readonly type?: string;
  /** Names or ids. */
  readonly tag?: string;
  readonly group?: string;
  readonly organization?: string;
  /** `active` when not given. */
  readonly state?: "active" | "draft" | "deleted" | "any";
  readonly limit: number;
  readonly offset?: number;
}

export interface SearchHit {
  readonly id: ObjectId;
  readonly type: string;
  readonly name: string | null;
  readonly title: string | null;
  /** Some of the text around the match. */
  readonly snippet: string;
}

export interface SearchResult {
  readonly total: number;
  readonly hits: readonly SearchHit[];
}

/** A problem that `verify` found in the index. */
export interface SearchFinding {
  readonly where: string;
  readonly message: string;
}

/**
 * The full-text index of one instance: derived from the store, kept apart from it, and always
 * rebuildable. It follows the log by itself and knows the position it covers.
 */
export interface SearchIndex {
  /**
   * Tells that the log now ends at `lsn`; the index catches up in its own time. `excerpt` is of what
   * was added last, if the writer made one.
   */
  advance(lsn: Lsn, excerpt?: Excerpt): void;
  /** Resolves once everything up to `lsn` can be found. */
  covers(lsn: Lsn): Promise<void>;
  query(query: SearchQuery): Awaitable<SearchResult>;
  /** Compares the index with the store; empty when they agree. */
  verify(): Awaitable<readonly SearchFinding[]>;
  close(): Promise<void>;
}
