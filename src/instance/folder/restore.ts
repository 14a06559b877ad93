import { existsSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isSynclineError, SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { StorePorts } from "../../store/plan-tables.ts";
import type { Identity } from "../../store/rows.ts";
import { copyBackup, damageIn } from "../../store/sqlite/backup.ts";
import { translated } from "../../store/sqlite/database.ts";
import { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import { sidecarOf } from "../sidecar.ts";
import { syncFolder } from "./create-folder.ts";
import { fileError, onFiles } from "./file-errors.ts";
import { lockFolder } from "./lock.ts";
import { makeFolder } from "./make-folder.ts";
import { holdsInstance, type InstancePaths, instancePaths } from "./paths.ts";
import { markOf, writeSidecar } from "./sidecar-file.ts";

/** What a restore did. */
export interface RestoreReport {
  readonly folder: string;
  readonly instance: Identity;
  readonly head: { readonly lsn: Lsn; readonly chain: string };
  readonly revisions: number;
  readonly objects: Readonly<Record<string, number>>;
  /** Where the catalog is that was there before; null when there was none. */
  readonly replaced: string | null;
}

export interface RestoreOptions {
  /** Puts the backup in the place of an instance that is there. */
  readonly force?: boolean;
}

/**
 * Makes a folder the instance that a backup holds (a file, or a folder that was copied whole), in a
 * new epoch: what was authored after the backup, and reached a peer, comes back with the next sync.
 * The folder is as it was, or all is done. Throws `INSTANCE_EXISTS`, `INSTANCE_BUSY`,
 * `FILE_NOT_FOUND`, `NOT_AN_INSTANCE`, `FORMAT_TOO_NEW`, `STORE_CORRUPT`, `NO_PERMISSION`,
 * `DISK_FULL`.
 */
export async function restoreFolder(
  file: string,
  folder: string,
  ports: StorePorts,
  { force = false }: RestoreOptions,
): Promise<RestoreReport> {
  const backup = backupAt(resolve(file));
  const wanted = resolve(folder);
  if (holdsInstance(wanted) && !force) throw existsAlready(wanted);
  const path = onFiles(wanted, () => {
    makeFolder(wanted);
    return realpathSync(wanted);
  });
  const paths = instancePaths(path);
  if (realpathSync(backup) === paths.catalog) throw isItself(paths.catalog);
  const lock = lockFolder(path);
  try {
    const draft = `${paths.catalog}.new`;
    const restored = await prepare(backup, draft, ports);
    if (holdsInstance(path) && !force) throw existsAlready(path);
    const replaced = onFiles(path, () => place(draft, paths, nowText(ports)));
    const { identity, head } = restored;
    writeSidecar(paths, sidecarOf({ identity, head, mark: markOf(paths.catalog) }, true));
    const chain = Buffer.from(head.chain).toString("hex");
    const { revisions, objects } = restored.counts;
    const report = { folder: path, instance: identity, head: { lsn: head.lsn, chain }, replaced };
    return { ...report, revisions, objects };
  } finally {
    removeDatabase(`${paths.catalog}.new`);
    lock.release();
  }
}

const NAME_ONE = "name a file that syncline backup made, or a copy of an instance's folder";

/** The database file of a backup. Throws `FILE_NOT_FOUND`, `NOT_AN_INSTANCE`. */
function backupAt(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new SynclineError("FILE_NOT_FOUND", `there is no ${path}`, {
      where: path,
      hint: NAME_ONE,
    });
  }
  const file = stat.isDirectory() ? instancePaths(path).catalog : path;
  if (existsSync(file)) return file;
  throw new SynclineError("NOT_AN_INSTANCE", `${path} holds no catalog.db`, {
    where: path,
    hint: NAME_ONE,
  });
}

/** Copies a backup beside the place where it will be, checks it, and begins a new epoch in it. */
async function prepare(backup: string, draft: string, ports: StorePorts) {
  removeDatabase(draft);
  try {
    await copyBackup(backup, draft);
  } catch (error) {
    if ((error as { code?: unknown }).code === "SQLITE_NOTADB") throw isNoBackup(backup);
    throw fileError(translated(error, backup), backup);
  }
  const store = openDraft(draft, backup, ports);
  try {
    const problem = damageIn(draft);
    if (problem !== undefined) throw isDamaged(backup, problem);
    const identity = store.beginEpoch("restore");
    return { identity, head: store.head(), counts: store.counts() };
  } finally {
    store.close();
  }
}

function openDraft(draft: string, backup: string, ports: StorePorts): SqliteStore {
  try {
    return SqliteStore.open(draft, { mode: "write", ...ports });
  } catch (error) {
    throw isSynclineError(error) && error.code === "NOT_AN_INSTANCE" ? isNoBackup(backup) : error;
  }
}

/**
 * Puts the prepared catalog in its place. What stood there is kept under another name, with its
 * write-ahead log: a log that stayed would be played into the new catalog.
 */
function place(draft: string, paths: InstancePaths, now: string): string | null {
  const replaced = join(paths.folder, `replaced-${now}.db`);
  const isThere = existsSync(paths.catalog);
  if (isThere) {
    renameSync(paths.catalog, replaced);
    if (existsSync(`${paths.catalog}-wal`)) {
      renameSync(`${paths.catalog}-wal`, `${replaced}-wal`);
    }
  }
  removeDatabase(paths.catalog);
  removeDatabase(paths.search);
  rmSync(paths.sidecar, { force: true });
  renameSync(draft, paths.catalog);
  syncFolder(paths.folder);
  return isThere ? replaced : null;
}

/** As part of a file's name: `20260115T100000123Z`. */
function nowText({ clock }: StorePorts): string {
  return new Date(clock.nowMs()).toISOString().replaceAll(/[-:.]/g, "");
}

function removeDatabase(file: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(file + suffix, { force: true });
}

function existsAlready(folder: string): SynclineError {
  return new SynclineError("INSTANCE_EXISTS", `${folder} holds an instance`, {
    where: folder,
    hint: "restore into another folder, or put the backup in its place with --force",
  });
}

function isItself(catalog: string): SynclineError {
  return new SynclineError("USAGE", "that is the catalog of this very folder", {
    where: catalog,
    hint: "name the backup that shall take its place",
  });
}

function isNoBackup(file: string): SynclineError {
  return new SynclineError("NOT_AN_INSTANCE", `${file} is no backup of a catalog`, {
    where: file,
    hint: NAME_ONE,
  });
}

function isDamaged(file: string, problem: string): SynclineError {
  return new SynclineError("STORE_CORRUPT", `the backup is damaged: ${problem}`, {
    where: file,
    hint: "nothing was changed; take another backup",
  });
}
