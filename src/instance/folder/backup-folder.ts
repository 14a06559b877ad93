import { mkdirSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import type { Store } from "../../store/store.ts";
import { refuseExisting, syncFolder } from "./create-folder.ts";
import { fileError, onFiles } from "./file-errors.ts";
import { instancePaths } from "./paths.ts";

/**
 * Writes a consistent copy of a store into a folder of its own, which can be opened as an instance
 * (the same one: do not write in both). It appears whole or not at all. Throws `INSTANCE_EXISTS`,
 * `NO_PERMISSION`, `DISK_FULL`.
 */
export async function backupTo(store: Pick<Store, "backup">, folder: string): Promise<void> {
  const target = resolve(folder);
  refuseExisting(target);
  onFiles(target, () => mkdirSync(target, { recursive: true }));
  const { catalog } = instancePaths(target);
  const draft = `${catalog}.new`;
  try {
    rmSync(draft, { force: true });
    await store.backup(draft);
    renameSync(draft, catalog);
    syncFolder(target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError(error, target);
  }
}
