import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SynclineError } from "../../base/errors.ts";
import { checkFolder } from "../../store/sqlite/database.ts";
import type { Store } from "../../store/store.ts";
import { refuseExisting, syncFolder } from "./create-folder.ts";
import { fileError, onFiles } from "./file-errors.ts";
import { makeFolder } from "./make-folder.ts";
import { instancePaths } from "./paths.ts";

/**
 * Writes a consistent copy of a store: one file; or, when the target ends with a slash, a folder
 * that can be opened as an instance (the same one: do not write in both). It appears whole or not at
 * all. Throws `INSTANCE_EXISTS`, `FILE_NOT_FOUND`, `NO_PERMISSION`, `DISK_FULL`.
 */
export async function backupTo(store: Pick<Store, "backup">, target: string): Promise<void> {
  const path = resolve(target);
  refuseExisting(path);
  const isFolder = /[\\/]$/.test(target);
  if (isFolder) onFiles(path, () => makeFolder(path));
  await writeWhole(store, isFolder ? instancePaths(path).catalog : path);
}

async function writeWhole(store: Pick<Store, "backup">, file: string): Promise<void> {
  if (existsSync(file)) {
    throw new SynclineError("INSTANCE_EXISTS", `${file} exists already`, {
      where: file,
      hint: "choose another name, or remove it first",
    });
  }
  checkFolder(file);
  const draft = `${file}.new`;
  try {
    rmSync(draft, { force: true });
    await store.backup(draft);
    renameSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError(error, file);
  }
}
