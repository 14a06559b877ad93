import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database, { type Statement } from "better-sqlite3";
import type { ErrorCode } from "../../base/error-codes.ts";
import { asSynclineError, isSynclineError, SynclineError } from "../../base/errors.ts";
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from "./schema.ts";

export type Db = Database.Database;

const cache = new WeakMap<Db, Map<string, Statement<unknown[]>>>();

/** The prepared statement of a text, made once per database. */
export function prepared(db: Db, sql: string): Statement<unknown[]> {
  let statements = cache.get(db);
  if (statements === undefined) {
    statements = new Map();
    cache.set(db, statements);
  }
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = db.prepare(sql);
    statements.set(sql, statement);
  }
  return statement;
}

type Transact = Database.Transaction<(work: () => unknown) => unknown>;

const transacts = new WeakMap<Db, Transact>();

/** Runs work in a transaction, or within the one that goes on; the function for it is made once. */
export function transacted<T>(db: Db, mode: "deferred" | "immediate", work: () => T): T {
  let transact = transacts.get(db);
  if (transact === undefined) {
    transact = db.transaction((inside: () => unknown) => inside());
    transacts.set(db, transact);
  }
  return transact[mode](work) as T;
}

const PAGE_BYTES = 16 * 1024;
const WRITER_CACHE_KIB = 16 * 1024;
const READER_CACHE_KIB = 4 * 1024;
const WAL_BYTES_KEPT_MAX = 64 * 1024 * 1024;
const BUSY_MS_MAX = 10_000;
/** Older ones can corrupt a database when two connections meet in the write-ahead log. */
const SQLITE_VERSION_MIN: readonly [number, number, number] = [3, 51, 3];
const SYNCHRONOUS_FULL = 2;

/**
 * Creates a catalog file. `fill` writes its first rows in the transaction that makes the tables, so
 * that a file is a whole catalog or none. Throws `INSTANCE_EXISTS` when the file is there.
 */
export function createDatabase(file: string, fill: (db: Db) => void): Db {
  if (file !== ":memory:" && existsSync(file)) {
    throw new SynclineError("INSTANCE_EXISTS", `${file} exists already`, { where: file });
  }
  checkFolder(file);
  return guarded(file, () => {
    const db = new Database(file);
    try {
      checkLibrary(db);
      db.pragma(`page_size = ${PAGE_BYTES}`);
      configureWriter(db);
      migrate(db, () => {
        db.pragma(`application_id = ${APPLICATION_ID}`);
        fill(db);
      });
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/**
 * Opens a catalog file. One of an older format is brought up to date when it is opened for writing;
 * `upgraded` is done in the transaction that does so, after all steps. Throws `NOT_AN_INSTANCE`,
 * `FORMAT_TOO_NEW`, `STORE_CORRUPT` and others.
 */
export function openDatabase(
  file: string,
  mode: "read" | "write",
  upgraded: (db: Db) => void = () => {},
): Db {
  if (!isFile(file)) {
    throw new SynclineError("NOT_AN_INSTANCE", `there is no catalog at ${file}`, { where: file });
  }
  return guarded(file, () => {
    const db = new Database(file, { readonly: mode === "read", fileMustExist: true });
    try {
      checkMark(db, file);
      checkLibrary(db);
      const version = readVersion(db, file);
      if (mode === "write") {
        configureWriter(db);
        if (version < SCHEMA_VERSION) migrate(db, () => upgraded(db));
        // A process may have ended before it did so.
        emptyWal(db);
      } else {
        configure(db, READER_CACHE_KIB);
        checkMigrated(version, file);
      }
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Throws `FILE_NOT_FOUND` when there is no folder for a new file. */
export function checkFolder(file: string): void {
  const folder = dirname(file);
  if (existsSync(folder)) return;
  throw new SynclineError("FILE_NOT_FOUND", `there is no folder ${folder}`, {
    where: file,
    hint: "make it first, or name another one",
  });
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function checkLibrary(db: Db): void {
  const text = db.prepare("SELECT sqlite_version()").pluck().get() as string;
  const version = text.split(".").map(Number);
  const older = SQLITE_VERSION_MIN.map((least, at) => (version[at] ?? 0) - least).find(Boolean);
  if ((older ?? 0) >= 0) return;
  const least = SQLITE_VERSION_MIN.join(".");
  throw new SynclineError("SQLITE_TOO_OLD", `SQLite ${text} is older than ${least}`, {
    hint: "older versions can corrupt a database that two connections use",
  });
}

function configure(db: Db, cacheKib: number): void {
  db.pragma(`busy_timeout = ${BUSY_MS_MAX}`);
  db.pragma(`cache_size = -${cacheKib}`);
  db.pragma("temp_store = MEMORY");
  db.pragma("trusted_schema = OFF");
}

/**
 * What is acknowledged must be on disk, at every open: a reopened write-ahead log would otherwise
 * run with synchronous=NORMAL, and a power cut could take back what a peer was told.
 */
function configureWriter(db: Db): void {
  configure(db, WRITER_CACHE_KIB);
  // What is replaced or deleted is overwritten: nobody finds it in the file once it is purged.
  db.pragma("secure_delete = ON");
  const journal = db.pragma("journal_mode = WAL", { simple: true });
  db.pragma("synchronous = FULL");
  db.pragma(`journal_size_limit = ${WAL_BYTES_KEPT_MAX}`);
  if (journal !== (db.memory ? "memory" : "wal")) {
    throw new SynclineError("DURABILITY", "the database did not accept a write-ahead log", {
      hint: "keep the folder on a local disk",
    });
  }
  if (db.pragma("synchronous", { simple: true }) !== SYNCHRONOUS_FULL) {
    throw new SynclineError("DURABILITY", "the database did not accept synchronous=FULL");
  }
}

/** How long others are waited for who look at an older state. */
const READERS_MS_MAX = 500;

/**
 * Empties the write-ahead log, in which what a transaction overwrote still stands; comes after a
 * commit that erased something. False when somebody who looks at an older state, or the disk, keeps
 * it from that: what is committed is so anyway, and the last connection to close does it too.
 */
export function emptyWal(db: Db): boolean {
  const patience = db.pragma("busy_timeout", { simple: true }) as number;
  try {
    db.pragma(`busy_timeout = ${Math.min(patience, READERS_MS_MAX)}`);
    return db.pragma("wal_checkpoint(TRUNCATE)", { simple: true }) === 0;
  } catch {
    return false;
  } finally {
    db.pragma(`busy_timeout = ${patience}`);
  }
}

function checkMark(db: Db, file: string): void {
  if (readApplicationId(db) === APPLICATION_ID) return;
  throw new SynclineError("NOT_AN_INSTANCE", `${file} is not a Syncline catalog`, {
    where: file,
    hint: "if it was one, its first page is damaged: go back to a backup",
  });
}

/** The file's schema version, which is not newer than this program. */
function readVersion(db: Db, file: string): number {
  const where = { where: file };
  const version = db.prepare("SELECT max(version) FROM migration").pluck().get();
  if (typeof version !== "number" || version < 1) {
    throw new SynclineError("STORE_CORRUPT", "the catalog does not say its format", where);
  }
  if (version > SCHEMA_VERSION) {
    throw new SynclineError(
      "FORMAT_TOO_NEW",
      `${file} has format ${version}; this version knows formats up to ${SCHEMA_VERSION}`,
      { ...where, hint: "use the version of Syncline that wrote it, or a newer one" },
    );
  }
  return version;
}

/** The mark of the program that a file belongs to; undefined when it is no database at all. */
function readApplicationId(db: Db): unknown {
  try {
    return db.pragma("application_id", { simple: true });
  } catch (error) {
    if ((error as { code?: unknown }).code === "SQLITE_NOTADB") return undefined;
    throw error;
  }
}

function checkMigrated(version: number, file: string): void {
  if (version === SCHEMA_VERSION) return;
  throw new SynclineError("READ_ONLY", `${file} has the older format ${version}`, {
    where: file,
    hint: "open it once for writing to bring it up to date: syncline serve",
  });
}

/** Takes all steps to the newest version in one transaction; `last` is done in it after them. */
function migrate(db: Db, last: () => void): void {
  db.transaction(() => {
    db.exec("CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY)");
    // Asked again: another process may have taken the steps meanwhile.
    const from = db.prepare("SELECT max(version) FROM migration").pluck().get() as number | null;
    for (let version = (from ?? 0) + 1; version <= SCHEMA_VERSION; version++) {
      db.exec(MIGRATIONS[version - 1] as string);
      db.prepare("INSERT INTO migration (version) VALUES (?)").run(version);
    }
    last();
  }).exclusive();
}

/** Runs work on a database, turning everything it throws into Syncline's errors. */
export function guarded<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asSynclineError(translated(error, where));
  }
}

const TRANSLATIONS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /^SQLITE_(FULL|IOERR_(WRITE|SHMSIZE|TRUNCATE))/,
    "DISK_FULL",
    "free some space; nothing of this step was stored",
  ],
  [
    // The tables of a catalog of this version are known.
    /^SQLITE_(CORRUPT|NOTADB|ERROR: (no such|.* has no) (table|column))/,
    "STORE_CORRUPT",
    "run syncline verify, or go back to a backup",
  ],
  [/^SQLITE_(BUSY|LOCKED)/, "INSTANCE_BUSY", "another process is writing; try again"],
  [/^SQLITE_(PERM|AUTH|READONLY|CANTOPEN)/, "NO_PERMISSION", "check the folder's permissions"],
  [/^SQLITE_IOERR/, "STORE_IO", "check the disk"],
];

/** A SynclineError for anything thrown by better-sqlite3; other errors as they are. */
export function translated(error: unknown, where: string): unknown {
  if (isSynclineError(error) || !(error instanceof Error)) return error;
  const sqlite = (error as { code?: unknown }).code;
  if (error instanceof TypeError && /connection is not open/.test(error.message)) {
    return new SynclineError("CLOSED", "the store is closed", { cause: error });
  }
  if (typeof sqlite !== "string" || !sqlite.startsWith("SQLITE_")) return error;
  const [, code, hint] =
    TRANSLATIONS.find(([form]) => form.test(`${sqlite}: ${error.message}`)) ?? [];
  const message = `the database reported: ${error.message} (${sqlite})`;
  return new SynclineError(code ?? "STORE_IO", message, {
    where,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
