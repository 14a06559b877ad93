import { openDatabase } from "./database.ts";

/**
 * Copies a catalog into a new file, some pages at a time between other work. The copy is the state
 * at the beginning, seen by a connection of its own: otherwise the copying would start over at each
 * commit of another connection, and beside a busy writer never end. Throws what SQLite throws.
 */
export async function backupDatabase(file: string, target: string): Promise<void> {
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
