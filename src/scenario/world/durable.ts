import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryStore } from "../../store/memory/memory-store.ts";
import type { StorePorts } from "../../store/plan-tables.ts";
import type { Identity } from "../../store/rows.ts";
import { SqliteStore } from "../../store/sqlite/sqlite-store.ts";

/** A store whose methods answer at once. */
export type LocalStore = MemoryStore | SqliteStore;

/** What an instance's catalog held at some moment; made by one {@link Durable}, taken by any like it. */
export interface Copy {
  readonly memory?: MemoryStore;
  readonly file?: string;
}

/** What survives a crash of an instance: content in the state of its last commit. */
export interface Durable {
  /** Where its files are; undefined when it has none. */
  readonly folder?: string;
  /** Opens what is there, as each process does at its start: nothing else comes over. */
  open(): LocalStore;
  /** Copies what is there. */
  copy(): Copy;
  /** Puts a copy in the place of what was there, or nothing at all. */
  replace(copy: Copy | null): void;
  /** Ends what was opened, and removes it. */
  dispose(): void;
}

/** In memory where there is such a folder: what counts is the reopening, not the disk. */
let keptIn = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** From now on files of instances are made in a folder, which somebody else removes. */
export function keepFilesIn(folder: string): void {
  keptIn = folder;
}

/** A new folder for files that need not outlast this process. */
export function passingFolder(): string {
  return mkdtempSync(join(keptIn, "syncline-scenarios-"));
}

/** What a process brings when it opens the store. */
export type Origin = () => { readonly identity: Identity } & StorePorts;

export function durableMemory(origin: Origin): Durable {
  let store: MemoryStore | undefined;
  const portsOf = ({ identity: _, ...ports }: ReturnType<Origin>): StorePorts => ports;
  return {
    open() {
      store = new MemoryStore(origin(), store);
      return store;
    },
    copy() {
      return store === undefined ? {} : { memory: store.copy(portsOf(origin())) };
    },
    replace(copy) {
      store = copy?.memory?.copy(portsOf(origin()));
    },
    dispose() {},
  };
}

/** `between`: what happens to the file while nobody has it open. */
export function durableFile(origin: Origin, between?: (file: string) => void): Durable {
  const folder = mkdtempSync(join(keptIn, "syncline-simulator-"));
  const file = join(folder, "catalog.db");
  let store: SqliteStore | undefined;
  let copies = 0;
  const remove = (): void => {
    store?.close();
    store = undefined;
    for (const suffix of [...PARTS, "-shm"]) rmSync(file + suffix, { force: true });
  };
  return {
    folder,
    open() {
      const isThere = existsSync(file);
      store?.close();
      if (isThere) between?.(file);
      store = isThere
        ? SqliteStore.open(file, { mode: "write", ...origin() })
        : SqliteStore.create(file, origin());
      return store;
    },
    copy() {
      copies += 1;
      const target = join(folder, `copy-${copies}.db`);
      copyFiles(file, target);
      return { file: target };
    },
    replace(copy) {
      remove();
      if (copy?.file !== undefined) copyFiles(copy.file, file);
    },
    dispose() {
      store?.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A database, and the write-ahead log that is a part of it while somebody has it open. */
const PARTS = ["", "-wal"];

/** Copies a database that nobody is writing just now. */
export function copyFiles(from: string, to: string): void {
  for (const part of PARTS) if (existsSync(from + part)) copyFileSync(from + part, to + part);
}
