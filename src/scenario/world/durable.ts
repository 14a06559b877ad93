import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryStore } from "../../store/memory/memory-store.ts";
import type { StorePorts } from "../../store/planning-store.ts";
import type { Identity } from "../../store/rows.ts";
import { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import type { Store } from "../../store/store.ts";

/** What survives a crash of an instance: content in the state of its last commit. */
export interface Durable {
  /** Opens what is there, as each process does at its start: nothing else comes over. */
  open(): Store;
  /** Ends what was opened, and removes it. */
  dispose(): void;
}

/** In memory where there is such a folder: what counts is the reopening, not the disk. */
const FOLDER = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** What a process brings when it opens the store. */
type Origin = () => { readonly identity: Identity } & StorePorts;

export function durableMemory(origin: Origin): Durable {
  let store: MemoryStore | undefined;
  return {
    open() {
      store = new MemoryStore(origin(), store);
      return store;
    },
    dispose() {},
  };
}

/** `between`: what happens to the file while nobody has it open. */
export function durableFile(origin: Origin, between?: (file: string) => void): Durable {
  const folder = mkdtempSync(join(FOLDER, "syncline-simulator-"));
  const file = join(folder, "catalog.db");
  let store: SqliteStore | undefined;
  return {
    open() {
      if (store === undefined) {
        store = SqliteStore.create(file, origin());
        return store;
      }
      store.close();
      between?.(file);
      store = SqliteStore.open(file, { mode: "write", ...origin() });
      return store;
    },
    dispose() {
      store?.close();
      rmSync(folder, { recursive: true });
    },
  };
}
