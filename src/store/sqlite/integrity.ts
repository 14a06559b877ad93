import Database from "better-sqlite3";
import type { Db } from "./database.ts";

/** Heads a message that names no table. */
const PREAMBLE = /^\*\*\* in database main \*\*\*\n/;

/** What SQLite's own check finds wrong with a file, at most so many sentences; none: it is sound. */
export function integrityProblems(db: Db, max: number): string[] {
  try {
    const lines = db.prepare(`PRAGMA integrity_check(${max})`).pluck().all() as string[];
    return lines.filter((line) => line !== "ok").map((line) => line.replace(PREAMBLE, ""));
  } catch (error) {
    if (error instanceof Database.SqliteError) return [error.message];
    throw error;
  }
}
