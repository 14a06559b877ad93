import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { type Lsn, type ObjectId, uuidText } from "../../base/ids.ts";
import { emptyWal } from "../../store/sqlite/database.ts";

/** Changes with the tables or with what is indexed; a file of another format is built anew. */
const FORMAT = 4;
const BUSY_MS_MAX = 5000;
const WAL_BYTES_KEPT_MAX = 16 * 1024 * 1024;

/**
 * `text` keeps no text, only the words (contentless): a third of the size, and rows can still be
 * replaced. A document's facets stand in `doc` too, so that they can be taken away without an
 * index by document. Durable enough is enough: what a power cut takes is indexed again. Segments
 * of `text` are merged 32 at a time, not four, so that words are rewritten once, not three times,
 * while 100,000 documents come; queries cost the same.
 */
const SCHEMA = `
  CREATE TABLE covered (
    one INTEGER PRIMARY KEY CHECK (one = 1), lsn INTEGER, chain BLOB, policy TEXT);
  CREATE TABLE doc (
    doc INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, lsn INTEGER NOT NULL, type TEXT NOT NULL,
    state TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, facets BLOB NOT NULL);
  -- Only what packages refer to is asked for by name.
  CREATE INDEX doc_name ON doc (name, type) WHERE type <> 'package';
  CREATE TABLE facet (id BLOB, kind INTEGER, doc INTEGER, PRIMARY KEY (id, kind, doc))
    WITHOUT ROWID;
  -- What objects stand here under that is not their own name.
  CREATE TABLE derived (id BLOB PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
  CREATE VIRTUAL TABLE text USING fts5 (name, title, body, content='', contentless_delete=1,
    tokenize='unicode61 remove_diacritics 2');
  INSERT INTO text (text, rank) VALUES ('automerge', 32), ('crisismerge', 64);
  INSERT INTO covered VALUES (1, 0, zeroblob(16), '');
  PRAGMA user_version = ${FORMAT};
`;

/** How far the index has come in the log, with the log's chain there, and under which policy. */
export interface Covered {
  readonly lsn: Lsn;
  readonly chain: Uint8Array;
  /** Its hash; open merges depend on it. */
  readonly policy: string;
}

/** Opens the index file for writing. One that is missing or of another format is made. */
export function openIndexFile(file: string): Database.Database {
  const db = new Database(file, { timeout: BUSY_MS_MAX });
  try {
    db.pragma("page_size = 16384");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = NORMAL");
    db.pragma(`journal_size_limit = ${WAL_BYTES_KEPT_MAX}`);
    db.pragma("cache_size = -8192");
    db.pragma("temp_store = MEMORY");
    // What is replaced or deleted is overwritten: nobody finds it in the file once it is purged.
    db.pragma("secure_delete = ON");
    // Under the write lock, so that of two processes only one makes the tables.
    db.transaction(() => {
      if (db.pragma("user_version", { simple: true }) === FORMAT) return;
      dropAll(db);
      db.exec(SCHEMA);
    }).immediate();
    // A process may have ended before it did so.
    emptyWal(db);
    coveredBy(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the index file for reading; undefined when there is none of this format. */
export function readIndexFile(file: string): Database.Database | undefined {
  try {
    return openIndexForReading(file);
  } catch {
    // Missing, damaged or not readable: for a reader it is as if it were not there.
    return undefined;
  }
}

/** The same; throws what SQLite throws for a file that is missing or cannot be read. */
export function openIndexForReading(file: string): Database.Database | undefined {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS_MAX });
  try {
    db.pragma("cache_size = -8192");
    if (db.pragma("user_version", { simple: true }) === FORMAT) return db;
  } catch (error) {
    db.close();
    throw error;
  }
  db.close();
  return undefined;
}

/** Throws SQLite's error for damage when the row is gone, or holds something else. */
export function coveredBy(db: Database.Database): Covered {
  const covered = db
    .prepare<[], Covered>("SELECT lsn, chain, policy FROM covered WHERE one = 1")
    .get();
  if (typeof covered?.lsn === "number" && covered.chain instanceof Uint8Array) return covered;
  throw damage("the index does not say what it covers");
}

/** SQLite's error for damage, for what SQLite cannot notice: values of a wrong kind. */
export function damage(what: string): Error {
  return new Database.SqliteError(what, "SQLITE_CORRUPT");
}

/** Empties the index, inside a transaction. */
export function emptyIndex(db: Database.Database): void {
  db.exec(`
    DELETE FROM doc;
    DELETE FROM facet;
    DELETE FROM derived;
    INSERT INTO text (text) VALUES ('delete-all');
    UPDATE covered SET lsn = 0, chain = zeroblob(16);
  `);
}

/**
 * Rewrites all segments of `text`, inside a transaction: a word of a document that was replaced or
 * removed stays in its segment until then. FTS5's own `secure-delete` cannot do it, since it would
 * have to know the words. Takes about 7 µs per document.
 */
export function eraseLeftovers(db: Database.Database): void {
  db.exec("INSERT INTO text (text) VALUES ('optimize')");
}

/** Removes the file with its companions; the index can be built again from the store. */
export function discardIndexFile(file: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(file + suffix, { force: true });
}

/** The object that a row names. Throws SQLite's error for damage when it names none. */
export function storedId(value: unknown): ObjectId {
  if (value instanceof Uint8Array && value.length === 16) return uuidText<ObjectId>(value);
  throw damage("the index does not say which object a row is of");
}

/**
 * Marks a damaged file, so that whoever writes it next makes it anew; for those who only read. The
 * mark is that it covers nothing, not even the beginning.
 */
export function condemnIndexFile(file: string): void {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { fileMustExist: true, timeout: BUSY_MS_MAX });
    db.exec("DELETE FROM covered");
  } catch {
    // It may not be written here, or is damaged so far that whoever opens it notices.
  }
  db?.close();
}

const DAMAGE = /^SQLITE_(CORRUPT|NOTADB|ERROR|CONSTRAINT)/;

/** True when SQLite reports what can only come of a damaged file, or of one that is no database. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && DAMAGE.test(error.code);
}

function dropAll(db: Database.Database): void {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'text_%'")
    .pluck()
    .all() as string[];
  for (const table of tables) {
    if (!table.startsWith("sqlite_")) db.exec(`DROP TABLE "${table.replaceAll('"', '""')}"`);
  }
}
