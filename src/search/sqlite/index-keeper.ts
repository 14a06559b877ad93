import type { Database } from "better-sqlite3";
import type { Lsn } from "../../base/ids.ts";
import type { Excerpt } from "../../log/excerpt.ts";
import { discardIndexFile, isDamage, openIndexFile } from "./index-file.ts";
import { IndexWriter } from "./index-writer.ts";
import type { LogSource } from "./log-source.ts";

/** What one step of catching up came to. */
export interface Step {
  readonly covered: Lsn;
  /** Nothing is left to do for now. */
  readonly done: boolean;
  /** The file was damaged and is another one now; who has it open should open it again. */
  readonly replaced: boolean;
}

/** Keeps one index file: opens it when first needed, writes it step by step, replaces a damaged one. */
export class IndexKeeper {
  readonly #file: string;
  readonly #source: LogSource;
  readonly #stepEntries: number;
  #db: Database | undefined;
  #writer: IndexWriter | undefined;

  /** A step ends once it has taken so many log entries. */
  constructor(file: string, source: LogSource, stepEntries: number) {
    this.#file = file;
    this.#source = source;
    this.#stepEntries = stepEntries;
  }

  /** Throws what SQLite throws; the index is then as it was. */
  step(): Step {
    try {
      return { ...this.#step(), replaced: false };
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.close();
      discardIndexFile(this.#file);
      return { ...this.#step(), replaced: true };
    }
  }

  #step(): { covered: Lsn; done: boolean } {
    const writer = this.#opened();
    const done = writer.step();
    return { covered: writer.covered, done };
  }

  #opened(): IndexWriter {
    this.#db ??= openIndexFile(this.#file);
    this.#writer ??= new IndexWriter(this.#db, this.#source, this.#stepEntries);
    return this.#writer;
  }

  /** Takes a stretch of the log for the steps to come; they read what they were not given. */
  hand(excerpt: Excerpt): void {
    this.#writer?.hand(excerpt);
  }

  close(): void {
    this.#writer = undefined;
    this.#db?.close();
    this.#db = undefined;
  }
}
