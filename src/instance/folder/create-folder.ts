import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { SynclineError } from "../../base/errors.ts";
import { INSTANCE_NAME_CHARS_MAX } from "../../base/limits.ts";
import type { StorePorts } from "../../store/plan-tables.ts";
import type { Identity } from "../../store/rows.ts";
import { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import { onFiles } from "./file-errors.ts";
import { type FolderLock, lockFolder } from "./lock.ts";
import { makeFolder } from "./make-folder.ts";
import { holdsInstance, type InstancePaths, instancePaths } from "./paths.ts";

/**
 * Makes a folder an instance, the folder too if need be, and keeps it locked. It is one from the
 * moment its catalog gets its name: interrupted before that, it is none and can be made again.
 * Throws `INSTANCE_EXISTS`, `INSTANCE_BUSY`, `NO_PERMISSION`, `USAGE` (the name).
 */
export function createFolder(
  folder: string,
  identity: Identity,
  ports: StorePorts,
): { paths: InstancePaths; lock: FolderLock } {
  checkName(identity.name);
  const wanted = resolve(folder);
  refuseExisting(wanted);
  const path = onFiles(wanted, () => {
    makeFolder(wanted);
    return realpathSync(wanted);
  });
  const paths = instancePaths(path);
  const lock = lockFolder(path);
  try {
    // Somebody else may have made it before this process had the lock.
    refuseExisting(path);
    onFiles(path, () => createCatalog(paths, identity, ports));
    return { paths, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function createCatalog(paths: InstancePaths, identity: Identity, ports: StorePorts): void {
  const draft = `${paths.catalog}.new`;
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(draft + suffix, { force: true });
  SqliteStore.create(draft, { identity, ...ports }).close();
  // A log that was left by a catalog which is gone would be played into this one.
  for (const suffix of ["-wal", "-shm"]) rmSync(paths.catalog + suffix, { force: true });
  renameSync(draft, paths.catalog);
  syncFolder(paths.folder);
}

/** Makes a new name in a folder durable. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Throws `INSTANCE_EXISTS` when the folder holds an instance. */
export function refuseExisting(folder: string): void {
  if (!holdsInstance(folder)) return;
  throw new SynclineError("INSTANCE_EXISTS", `${folder} holds an instance already`, {
    where: folder,
    hint: "choose another folder, or go on with the instance that is there",
  });
}

/** Throws `USAGE` for what no instance can be called. */
export function checkName(name: string): void {
  const fits = name.trim() !== "" && name.length <= INSTANCE_NAME_CHARS_MAX;
  if (fits && name.isWellFormed() && !/\p{Cc}/u.test(name)) return;
  throw new SynclineError(
    "USAGE",
    `the name of an instance has 1 to ${INSTANCE_NAME_CHARS_MAX} characters on one line`,
    { hint: "give a short name such as the site's: --name tokyo" },
  );
}
