import Database from "better-sqlite3";
import { SynclineError } from "../../base/errors.ts";
import { translated } from "../../store/sqlite/database.ts";
import { instancePaths } from "./paths.ts";
import { readServeFile } from "./serve-file.ts";

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
  let db: Database.Database | undefined;
  try {
    db = new Database(lock, { timeout: 0 });
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db?.close();
    throw isBusy(error) ? busyError(folder, error) : translated(error, lock);
  }
  const held = db;
  return {
    release: () => {
      held.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
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
