import { ftruncateSync, openSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { SynclineError } from "../../base/errors.ts";
import { translated } from "../../store/sqlite/database.ts";
import { onFiles } from "./file-errors.ts";
import { instancePaths } from "./paths.ts";
import { discardServeFile, readServeFile } from "./serve-file.ts";

/** The right to write into a folder, held by one process at a time. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the right to write: an exclusive SQLite transaction on a file of its own, for as long as
 * it is held. The operating system ends it with the process, however that ends, so that no lock
 * is ever left behind. Throws `INSTANCE_BUSY`, saying who has it, and `NO_PERMISSION`.
 */
export function lockFolder(folder: string): FolderLock {
  const { lock } = instancePaths(folder);
  try {
    const held = lockFile(lock);
    forgetKilledServer(folder);
    return held;
  } catch (error) {
    if (isCode(error, "SQLITE_BUSY")) throw busyError(folder, error);
    if (statSync(lock, { throwIfNoEntry: false })?.isFile() === false) throw notAFile(lock, error);
    throw translated(error, lock);
  }
}

/** Only who holds the lock serves the folder: whoever is named there now was killed. */
function forgetKilledServer(folder: string): void {
  try {
    discardServeFile(folder);
  } catch {
    // It may not be removed here; it misleads nobody who asks whether that server answers.
  }
}

function lockFile(lock: string): FolderLock {
  try {
    return begin(lock);
  } catch (error) {
    if (!isCode(error, "SQLITE_NOTADB") && !isCode(error, "SQLITE_CORRUPT")) throw error;
    empty(lock);
    return begin(lock);
  }
}

function begin(lock: string): FolderLock {
  const db = new Database(lock, { timeout: 0 });
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    throw error;
  }
  return { release: () => void db.close() };
}

/**
 * Empties a lock file that is no database; it carries no data. It is not replaced, because all
 * processes have to meet at one and the same file: what somebody else has locked meanwhile stays
 * locked. The handle is left open, since closing it would end the locks that this process has there.
 */
function empty(lock: string): void {
  onFiles(lock, () => ftruncateSync(openSync(lock, "r+")));
}

function notAFile(lock: string, cause: unknown): SynclineError {
  return new SynclineError("STORE_IO", `${lock} is not a file`, {
    where: lock,
    hint: "take away what stands there: the lock is made anew and holds no data",
    cause,
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith(code);
}

function busyError(folder: string, cause: unknown): SynclineError {
  const server = readServeFile(folder);
  const details = { where: folder, retriable: true, cause };
  if (server === undefined) {
    return new SynclineError("INSTANCE_BUSY", `another process is writing in ${folder}`, {
      ...details,
      hint: "wait until it has ended, or open the instance for reading",
    });
  }
  const { url, pid } = server;
  return new SynclineError("INSTANCE_BUSY", `process ${pid} serves ${folder} at ${url}`, {
    ...details,
    hint: `make the change there, or stop process ${pid} first`,
  });
}
