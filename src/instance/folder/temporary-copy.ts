import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StorePorts } from "../../store/plan-tables.ts";
import { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import type { Store } from "../../store/store.ts";
import { onFiles } from "./file-errors.ts";

/**
 * Works on a copy of a store, as it is at the beginning, in a folder for temporary files that only
 * this user may read. The copy is removed when the work ends, however it ends, and when the process
 * does. Throws what a backup throws.
 */
export async function withTemporaryCopy<T>(
  store: Pick<Store, "backup">,
  ports: StorePorts,
  work: (copy: Store) => Promise<T>,
): Promise<T> {
  const folder = onFiles(tmpdir(), () => mkdtempSync(join(tmpdir(), "syncline-rehearsal-")));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const file = join(folder, "catalog.db");
    await store.backup(file);
    const copy = SqliteStore.open(file, { mode: "write", ...ports });
    try {
      return await work(copy);
    } finally {
      copy.close();
    }
  } finally {
    process.off("exit", remove);
    remove();
  }
}
