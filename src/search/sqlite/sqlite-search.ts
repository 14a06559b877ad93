import type { Database } from "better-sqlite3";
import { asSynclineError, SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Excerpt } from "../../log/excerpt.ts";
import { shownText } from "../indexed-object.ts";
import { MemorySearch } from "../memory/memory-search.ts";
import { type Phrase, parseQueryText } from "../query-text.ts";
import type {
  SearchFinding,
  SearchHit,
  SearchIndex,
  SearchQuery,
  SearchResult,
} from "../search-index.ts";
import { snippetOf } from "../snippet.ts";
import { checkIndex } from "./check-index.ts";
import type { Follower, FollowerEvents } from "./follower.ts";
import {
  condemnIndexFile,
  coveredBy,
  discardIndexFile,
  isDamage,
  readIndexFile,
} from "./index-file.ts";
import { InlineFollower, type Soon } from "./inline-follower.ts";
import type { LogSource } from "./log-source.ts";
import { type IndexHit, runQuery } from "./run-query.ts";
import { ThreadFollower } from "./thread-follower.ts";

export interface SqliteSearchOptions {
  /** The index file; it is made when missing. */
  readonly file: string;
  /** The catalog's database file, for the thread. */
  readonly catalogFile: string;
  /** The catalog, for this thread. */
  readonly source: LogSource;
  /** `read` never writes the file: it is used while it is up to date, and else not at all. */
  readonly mode: "read" | "write";
  /** Whether there may be a thread for it, and whether it is started at once. */
  readonly thread: "none" | "on-demand" | "from-start";
  /** When the next step on this thread is taken; in its next turn unless given. */
  readonly soon?: Soon | undefined;
  /** Log entries that are too many for this thread; 1,000 unless given. */
  readonly largeBacklog?: number;
  /** Hears in a sentence that the file was damaged. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** What an index covers that is of another log: not even the beginning, where nothing is. */
const OTHER_LOG: Lsn = -1;
const LARGE_BACKLOG = 1000;
const READER_PATIENCE_MS = 200;
const READER_RETRY_MS = 20;

interface Waiter {
  readonly lsn: Lsn;
  readonly resolve: () => void;
  readonly reject: (error: SynclineError) => void;
}

/**
 * Full-text search in an SQLite file of its own (FTS5). Writing it is one follower's work, on this
 * thread while there is little to do; queries run on this thread, on a connection for reading.
 */
export class SqliteSearch implements SearchIndex {
  readonly #options: SqliteSearchOptions;
  readonly #scan: MemorySearch;
  readonly #events: FollowerEvents;
  #follower: Follower | undefined;
  #leaving: Promise<void> = Promise.resolve();
  #db: Database | undefined;
  #covered: Lsn = 0;
  /** Log entries that were indexed on this thread. */
  #indexedHere = 0;
  #wanted: Lsn = 0;
  #waiters: Waiter[] = [];
  /** While a damaged file is given up. */
  #renewal: Promise<void> | undefined;
  #closed = false;

  constructor(options: SqliteSearchOptions) {
    this.#options = options;
    this.#scan = new MemorySearch(options.source);
    this.#events = {
      covered: (lsn, done) => this.#cover(lsn, done),
      replaced: () => {
        this.#closeReader();
        this.#notice("it is built anew");
      },
      failed: (error) => this.#fail(error),
    };
    this.#covered = this.#position() ?? 0;
    const { mode, thread, file, catalogFile } = options;
    if (mode === "write" && thread === "from-start") {
      this.#follower = new ThreadFollower({ file, catalogFile }, this.#events);
    }
  }

  advance(lsn: Lsn, excerpt?: Excerpt): void {
    this.#wanted = Math.max(this.#wanted, lsn);
    if (this.#options.mode === "read" || this.#closed || this.#wanted <= this.#covered) return;
    if (this.#renewal !== undefined) return;
    const { file, catalogFile, source, thread, soon } = this.#options;
    const mayMove = thread !== "none" && !(this.#follower instanceof ThreadFollower);
    if (mayMove && this.#isMuch()) {
      // Both may write for a moment: each step is a transaction that looks where the index stands.
      this.#leaving = this.#follower?.close() ?? this.#leaving;
      this.#follower = new ThreadFollower({ file, catalogFile }, this.#events);
    }
    this.#follower ??= new InlineFollower(file, source, this.#events, soon);
    this.#follower.follow(excerpt);
  }

  /** A process that goes on writing, a little at a time, deserves the thread as well. */
  #isMuch(): boolean {
    const backlog = this.#wanted - this.#covered;
    return this.#indexedHere + backlog >= (this.#options.largeBacklog ?? LARGE_BACKLOG);
  }

  #isFarBehind(): boolean {
    return this.#wanted - this.#covered >= (this.#options.largeBacklog ?? LARGE_BACKLOG);
  }

  /** Rejects with what stopped the index: `DISK_FULL`, `NO_PERMISSION`, `CLOSED` … */
  refresh(lsn: Lsn): Promise<void> {
    // The follower looks for another policy at each step, so one is asked for.
    this.#covered = Math.min(this.#covered, lsn - 1);
    return this.covers(lsn);
  }

  covers(lsn: Lsn): Promise<void> {
    if (lsn <= this.#covered || this.#options.mode === "read") return Promise.resolve();
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#waiters.push({ lsn, resolve, reject });
      this.advance(lsn);
    });
  }

  #cover(lsn: Lsn, done: boolean): void {
    if (this.#follower instanceof InlineFollower) this.#indexedHere += lsn - this.#covered;
    this.#covered = lsn;
    const waiting = this.#waiters;
    this.#waiters = waiting.filter((waiter) => waiter.lsn > lsn);
    for (const waiter of waiting) if (waiter.lsn <= lsn) waiter.resolve();
    // What was committed since the follower last looked.
    if (done && this.#wanted > lsn) {
      if (this.#options.source.head().lsn > lsn) this.#follower?.follow();
      else this.#fail(new SynclineError("INTERNAL", `the log ends at ${lsn}, not ${this.#wanted}`));
    }
  }

  #fail(error: SynclineError): void {
    this.#wanted = this.#covered;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  /** Sees everything that was announced before, unless much of it is still to be indexed. */
  async query(query: SearchQuery): Promise<SearchResult> {
    const phrases = parseQueryText(query.text);
    if (phrases === null) return { total: 0, hits: [] };
    const found = (await this.#isUsable()) ? this.#search(query, phrases) : undefined;
    if (found === undefined) return this.#scan.query(query);
    return { total: found.total, hits: found.hits.map((hit) => this.#hit(hit, phrases)) };
  }

  async #isUsable(): Promise<boolean> {
    if (this.#options.mode === "read") return this.#isUpToDateSoon();
    if (!this.#isFarBehind()) {
      // An index that cannot be written now still answers with what it has.
      await this.covers(this.#wanted).catch(() => undefined);
    }
    return true;
  }

  /** Whoever writes the index is a moment behind the log; without a writer it stays where it is. */
  async #isUpToDateSoon(): Promise<boolean> {
    const head = this.#options.source.head().lsn;
    for (let waitedMs = 0; ; waitedMs += READER_RETRY_MS) {
      const position = this.#position();
      if (position === undefined || position === OTHER_LOG) return false;
      if (position >= head) return true;
      if (waitedMs >= READER_PATIENCE_MS) {
        // Another file may stand there by now.
        this.#closeReader();
        return false;
      }
      await new Promise((resolve) => setTimeout(resolve, READER_RETRY_MS));
    }
  }

  /**
   * The position that the file covers in this log; undefined when there is none. Merges have been
   * others since if it was written under another policy, or by a program that knew something else.
   */
  #position(): Lsn | undefined {
    try {
      const db = this.#reader();
      if (db === undefined) return undefined;
      const { lsn, chain, policy } = coveredBy(db);
      const { source } = this.#options;
      const there = source.chainAt(lsn);
      if (there === undefined || !Buffer.from(there).equals(chain)) return OTHER_LOG;
      return lsn > 0 && policy !== source.policyHash() ? lsn - 1 : lsn;
    } catch {
      this.#closeReader();
      return undefined;
    }
  }

  /** Undefined when there is no index that can be read. */
  #search(query: SearchQuery, phrases: readonly Phrase[]): ReturnType<typeof runQuery> | undefined {
    if (this.#renewal !== undefined) return undefined;
    let fault: unknown;
    for (let attempt = 0; attempt < 2; attempt++) {
      const db = this.#reader();
      if (db === undefined) break;
      try {
        return runQuery(db, query, phrases);
      } catch (error) {
        fault = error;
        // The file was replaced under this connection, or is damaged: open it afresh, once.
        this.#closeReader();
      }
    }
    // A file that covers something can be opened, unless it is damaged or was taken away.
    if (isDamage(fault) || (fault === undefined && this.#covered > 0)) this.#giveUpFile();
    return undefined;
  }

  /** For a file that is damaged although it says that it covers the log. */
  #giveUpFile(): void {
    if (this.#closed || this.#renewal !== undefined) return;
    if (this.#options.mode === "read") {
      condemnIndexFile(this.#options.file);
      this.#notice("the next command that writes builds it anew");
      return;
    }
    this.#notice("it is built anew");
    this.#renewal = this.#renew()
      .catch((error) => this.#fail(asSynclineError(error)))
      .finally(() => {
        this.#renewal = undefined;
        this.advance(this.#wanted);
      });
  }

  async #renew(): Promise<void> {
    this.#wanted = Math.max(this.#wanted, this.#options.source.head().lsn);
    this.#covered = 0;
    this.#closeReader();
    await this.#leaving;
    await this.#follower?.close();
    this.#follower = undefined;
    discardIndexFile(this.#options.file);
  }

  #notice(remedy: string): void {
    this.#options.onNotice?.(`the search index was damaged: ${remedy}`);
  }

  #hit({ id, type, name, title }: IndexHit, phrases: readonly Phrase[]): SearchHit {
    const row = this.#options.source.object(id);
    const text = row === undefined ? "" : shownText(JSON.parse(row.text) as JsonObject);
    return {
      id,
      type,
      name: name || null,
      title: title || null,
      snippet: snippetOf(text, phrases),
    };
  }

  async verify(): Promise<readonly SearchFinding[]> {
    const { mode, file, source } = this.#options;
    if (this.#closed) throw closedError();
    // An index that cannot be written now is compared as far as it goes.
    if (mode === "write") await this.covers(source.head().lsn).catch(() => undefined);
    try {
      const findings = await checkIndex(file, source);
      if (findings.length > 0) this.#giveUpFile();
      return findings;
    } catch (error) {
      const message = `cannot be compared with the catalog: ${asSynclineError(error).message}`;
      return [{ where: "search index", message }];
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    // The reader first: the last connection to go, the writer's, leaves one file behind.
    this.#closeReader();
    await this.#renewal;
    await this.#leaving;
    await this.#follower?.close();
    this.#fail(closedError());
  }

  #reader(): Database | undefined {
    this.#db ??= readIndexFile(this.#options.file);
    return this.#db;
  }

  #closeReader(): void {
    this.#db?.close();
    this.#db = undefined;
  }
}

function closedError(): SynclineError {
  return new SynclineError("CLOSED", "the search index is closed");
}
