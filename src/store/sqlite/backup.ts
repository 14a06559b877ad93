import { copyFileSync, existsSync } from "node:fs";
import Database from "better-sqlite3";
import { SynclineError } from "../../base/errors.ts";
import { checkFolder, openDatabase } from "./database.ts";
import { integrityProblems } from "./integrity.ts";

/**
 * Copies a catalog into a new file, some pages at a time between other work. The copy is the state
 * at the beginning, seen by a connection of its own: otherwise the copying would start over at each
 * commit of another connection, and beside a busy writer never end. Throws `INSTANCE_EXISTS`,
 * `FILE_NOT_FOUND`, and what SQLite throws.
 */
export async function backupDatabase(file: string, target: string): Promise<void> {
  if (existsSync(target)) {
    throw new SynclineError("INSTANCE_EXISTS", `${target} exists already`, { where: target });
  }
  checkFolder(target);
  const db = openDatabase(file, "read");
  try {
    db.exec("BEGIN");
    // A transaction sees the state at its first reading.
    db.pragma("schema_version");
    await db.backup(target);
  } finally {
    db.close();
  }
}

/**
 * Copies a backup, of this format or an older one, into a new file; changes which a writer has not
 * moved into it yet are taken from beside it. Throws what SQLite and the file system throw.
 */
export async function copyBackup(file: string, target: string): Promise<void> {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      await db.backup(target);
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError && UNWRITABLE.test(error.code))) throw error;
    // SQLite reads no write-ahead database where it may not write; nobody else does either.
    copyFileSync(file, target);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${target}-wal`);
  }
}

const UNWRITABLE = /^SQLITE_(CANTOPEN|READONLY)/;

/** What SQLite's own check finds wrong first with a catalog file; undefined: it is sound. */
export function damageIn(file: string): string | undefined {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return integrityProblems(db, 1)[0];
  } finally {
    db.close();
  }
}
