import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Lsn } from "../../base/ids.ts";
import type { SearchFinding, SearchIndex } from "../../search/search-index.ts";
import { checkIndex } from "../../search/sqlite/check-index.ts";
import { coveredBy, readIndexFile } from "../../search/sqlite/index-file.ts";
import type { LogSource } from "../../search/sqlite/log-source.ts";
import { SqliteSearch } from "../../search/sqlite/sqlite-search.ts";
import { copyFiles } from "./durable.ts";
import type { Process } from "./process.ts";

/** A step takes longer than the commits around it: who does not wait for the index is ahead of it. */
const STEP_MS = 20;

/** What an index sees of the log, as a planted fault leaves it. */
export type SourcePlant = (source: LogSource) => LogSource;

/** The file of an instance's search index, which is not synced to disk. */
export class IndexFile {
  readonly #folder: string;
  /** Files that are put here: each has a path of its own, since somebody may have the last open. */
  #files = 0;
  #path: string;
  /** As it was when the last process began; undefined when it was not there. */
  #older: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = this.#next();
  }

  #next(): string {
    this.#files += 1;
    return join(this.#folder, `search-${this.#files}.db`);
  }

  get path(): string {
    return this.#path;
  }

  /** How far the file has come in the log, as whoever opened it now would find. */
  get covered(): Lsn {
    const db = existsSync(this.#path) ? readIndexFile(this.#path) : undefined;
    try {
      return db === undefined ? 0 : coveredBy(db).lsn;
    } finally {
      db?.close();
    }
  }

  /** What of it is not as the log says. */
  check(source: LogSource): Promise<readonly SearchFinding[]> {
    return checkIndex(this.#path, source);
  }

  /** A process begins. */
  begin(): void {
    this.#older = this.copy();
  }

  copy(): string | undefined {
    if (!existsSync(this.#path)) return undefined;
    const target = this.#next();
    copyFiles(this.#path, target);
    return target;
  }

  /** Another file stands there from now on, or none. */
  replace(copy: string | undefined): void {
    const before = this.#path;
    this.#path = this.#next();
    if (copy !== undefined) copyFiles(copy, this.#path);
    // Whoever has it open goes on with what is nowhere any more.
    for (const suffix of ["", "-wal", "-shm"]) rmSync(before + suffix, { force: true });
  }

  /** A power cut: it is gone, or as it was some time before. */
  losePower(isGone: boolean): void {
    this.replace(isGone ? undefined : this.#older);
  }
}

/**
 * The search index of one process, the product's own: it follows the log in virtual time, and dies
 * with the process. What it has committed stays in its file.
 */
export function indexOf(
  process: Process,
  file: string,
  log: LogSource,
  plant: SourcePlant,
): SearchIndex {
  const source = plant(whileAlive(process, log));
  const index = new SqliteSearch({
    file,
    catalogFile: "",
    source,
    mode: "write",
    thread: "none",
    soon: (step) => process.timers.after(STEP_MS, step),
  });
  process.onKill(() => void index.close());
  index.advance(log.head().lsn);
  return {
    advance: (lsn, excerpt) => index.advance(lsn, excerpt),
    refresh: (lsn) => process.own(index.refresh(lsn)),
    covers: (lsn) => process.own(index.covers(lsn)),
    query: (query) => index.query(query),
    verify: () => index.verify(),
    close: () => index.close(),
  };
}

/** What a process reads while it lives: its index takes no step any more when it is dead. */
function whileAlive(process: Process, source: LogSource): LogSource {
  const ask = <K extends keyof LogSource>(method: K): LogSource[K] => {
    const call = source[method].bind(source) as (...args: unknown[]) => unknown;
    return ((...args: unknown[]) => {
      if (!process.isAlive) throw new Error("the process is dead");
      return call(...args);
    }) as LogSource[K];
  };
  return {
    head: ask("head"),
    chainAt: ask("chainAt"),
    changes: ask("changes"),
    policyHash: ask("policyHash"),
    merged: ask("merged"),
    derivedNames: ask("derivedNames"),
    object: ask("object"),
    objects: ask("objects"),
  };
}
