// Proves how a catalog file is made, opened, refused and upgraded, and that every
// opening for writing makes commits durable.
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type ObjectId, uuidText } from "../../src/base/ids.ts";
import { createDatabase, openDatabase } from "../../src/store/sqlite/database.ts";
import { SCHEMA_VERSION } from "../../src/store/sqlite/schema.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards, temporaryFolder } from "./folders.ts";
import {
  command,
  expectError,
  expectNoEffect,
  from,
  identity,
  memoryStore,
  put,
  setField,
  testPorts,
  transfer,
} from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const NOTE = uuid<ObjectId>(1);
const ports = testPorts(1);

/** A catalog with one object, closed. */
function catalog(): string {
  const file = newFile();
  const store = SqliteStore.create(file, { identity: identity(1), ...ports });
  store.author(command(put(NOTE, { name: "a" })));
  store.close();
  return file;
}

function open(file: string, mode: "read" | "write" = "write"): SqliteStore {
  return SqliteStore.open(file, { mode, ...ports });
}

afterEach(() => {
  vi.doUnmock("better-sqlite3");
  vi.doUnmock("../../src/store/sqlite/schema.ts");
  vi.resetModules();
});

/** The store's classes over a SQLite whose pragmas may be answered by `answer`. */
async function withPragmas(answer: (pragma: string) => unknown): Promise<typeof SqliteStore> {
  class Altered extends Database {
    override pragma(source: string, options?: { simple?: boolean }): unknown {
      const given = answer(source);
      return given === undefined ? super.pragma(source, options) : given;
    }
  }
  vi.resetModules();
  vi.doMock("better-sqlite3", () => ({ default: Altered }));
  const altered = await import("../../src/store/sqlite/sqlite-store.ts");
  return altered.SqliteStore;
}

describe("durability", () => {
  test("commits wait for the disk at the first opening and at each later one", () => {
    const file = newFile();
    const settings = (db: Database.Database): unknown[] =>
      ["synchronous", "journal_mode"].map((name) => db.pragma(name, { simple: true }));
    const created = createDatabase(file, () => {});
    expect(settings(created)).toEqual([2, "wal"]);
    created.close();
    // The trap: a file that has its write-ahead log already opens with less.
    const plain = new Database(file);
    expect(settings(plain)).toEqual([1, "wal"]);
    plain.close();
    for (let i = 0; i < 2; i++) {
      const reopened = openDatabase(file, "write");
      expect(settings(reopened)).toEqual([2, "wal"]);
      reopened.close();
    }
  });

  test("a database that will not wait is refused", async () => {
    const file = catalog();
    const swallowing = await withPragmas((source) => {
      return source === "synchronous = FULL" ? [] : undefined;
    });
    await expectErrorCode(() => swallowing.open(file, { mode: "write", ...ports }), "DURABILITY");
    const downgrading = await withPragmas((source) => (source === "synchronous" ? 1 : undefined));
    await expectErrorCode(
      () => downgrading.create(newFile(), { identity: identity(1), ...ports }),
      "DURABILITY",
    );
    const withoutLog = await withPragmas((source) =>
      source.startsWith("journal_mode") ? "delete" : undefined,
    );
    await expectErrorCode(() => withoutLog.open(file, { mode: "write", ...ports }), "DURABILITY");
  });

  test("a SQLite that can corrupt a write-ahead log is refused", async () => {
    class Older extends Database {
      override prepare(source: string): never {
        const text = source.replace("sqlite_version()", "'3.51.2'");
        return super.prepare(text) as never;
      }
    }
    vi.resetModules();
    vi.doMock("better-sqlite3", () => ({ default: Older }));
    const { SqliteStore: old } = await import("../../src/store/sqlite/sqlite-store.ts");
    await expectErrorCode(
      () => old.create(newFile(), { identity: identity(1), ...ports }),
      "SQLITE_TOO_OLD",
    );
  });
});

/** Modules loaded anew have an error class of their own. */
async function expectErrorCode(call: () => unknown, code: string): Promise<void> {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ name: "SynclineError", code });
}

describe("opening", () => {
  test("keeps everything over a reopening", () => {
    const file = catalog();
    const store = open(file);
    expect(store.identity()).toEqual(identity(1));
    expect(store.object(NOTE)).toMatchObject({ name: "a", lsn: 1 });
    store.author(command(setField(NOTE, "title", "1")));
    const digest = store.digest();
    store.close();
    const reader = open(file, "read");
    expect(reader.digest()).toBe(digest);
    reader.close();
  });

  test("refuses what is no catalog, and changes nothing about it", async () => {
    const folder = temporaryFolder();
    const text = join(folder, "notes.txt");
    writeFileSync(text, "not a database, but long enough to look at\n".repeat(50));
    const empty = join(folder, "empty.db");
    writeFileSync(empty, "");
    const other = join(folder, "other.db");
    const db = new Database(other);
    db.exec("CREATE TABLE migration (version)");
    db.close();
    mkdirSync(join(folder, "sub"));
    for (const file of [text, empty, other, join(folder, "sub"), join(folder, "none.db")]) {
      for (const mode of ["read", "write"] as const) {
        const error = await expectError(() => open(file, mode), "NOT_AN_INSTANCE");
        expect(error.where).toBe(file);
      }
    }
    expect(statSync(empty).size).toBe(0);
    expect(existsSync(join(folder, "none.db"))).toBe(false);
  });

  test("refuses to make a catalog over a file", async () => {
    const file = catalog();
    const create = (): unknown => SqliteStore.create(file, { identity: identity(2), ...ports });
    await expectError(create, "INSTANCE_EXISTS");
    const store = open(file);
    expect(store.identity()).toEqual(identity(1));
    store.close();
  });

  test("makes a whole catalog or none", async () => {
    const file = newFile();
    const interrupted = { ...identity(1), name: null as unknown as string, epoch: {} as string };
    await expectError(
      () => SqliteStore.create(file, { identity: interrupted, ...ports }),
      "INTERNAL",
    );
    await expectError(() => open(file), "NOT_AN_INSTANCE");
  });

  test("makes no folders for a catalog", async () => {
    const file = join(newFile(), "none.db");
    await expectError(
      () => SqliteStore.create(file, { identity: identity(1), ...ports }),
      "FILE_NOT_FOUND",
    );
  });

  test("reads only, when asked to", async () => {
    const file = catalog();
    const reader = open(file, "read");
    const writes: (() => unknown)[] = [
      () => reader.author(command(setField(NOTE, "title", "1"))),
      () => reader.apply(from(null, new Uint8Array(0))),
      () => reader.saveLink({ name: "x" } as never),
      () => reader.removeLink("x"),
      () => reader.saveRun({ link: "x" } as never),
    ];
    for (const write of writes) await expectNoEffect(reader, "READ_ONLY", write);
    expect(reader.verify()).toEqual({ revisions: 1, objects: 1, findings: [] });
    // It sees what another connection commits.
    const writer = open(file);
    writer.author(command(setField(NOTE, "title", "1")));
    expect(reader.head().lsn).toBe(2);
    expect(reader.object(NOTE)?.text).toBe('{"name":"a","title":"1"}');
    writer.close();
    reader.close();
  });

  test("is closed once it is closed", async () => {
    const store = open(catalog());
    store.close();
    store.close();
    const calls: (() => unknown)[] = [
      () => store.head(),
      () => store.digest(),
      () => store.verify(),
      () => store.objects({ limit: 1 }),
      () => store.author(command(setField(NOTE, "title", "1"))),
      () => store.backup(newFile()),
    ];
    for (const call of calls) await expectError(call, "CLOSED");
  });

  test("two writers of one file, turn by turn, do not confuse each other", async () => {
    const file = catalog();
    const source = memoryStore(2);
    const one = open(file);
    const two = open(file);
    for (let i = 0; i < 4; i++) {
      (i % 2 === 0 ? one : two).author(command(setField(NOTE, "n", `${i}`)));
      source.author(command(put(uuid<ObjectId>(100 + i), { name: `s${i}` })));
      await transfer(source, i % 2 === 0 ? two : one);
    }
    expect(one.digest()).toBe(two.digest());
    expect(one.counts().revisions).toBe(9);
    expect(one.verify().findings).toEqual([]);
    const numbers = one
      .entries({ limit: 20 })
      .filter((entry) => entry.source === null)
      .map(({ text }) => (JSON.parse(text) as { seq: number }).seq);
    expect(numbers).toEqual([1, 2, 3, 4, 5]);
    one.close();
    two.close();
  });
});

describe("formats", () => {
  test("a file of a newer version is refused, whatever else it holds", async () => {
    const file = catalog();
    const db = new Database(file);
    db.prepare("INSERT INTO migration (version) VALUES (?)").run(SCHEMA_VERSION + 1);
    db.close();
    for (const mode of ["read", "write"] as const) {
      const error = await expectError(() => open(file, mode), "FORMAT_TOO_NEW");
      expect(error).toMatchObject({ where: file, hint: expect.stringMatching(/\w/) });
    }
  });

  const steps = ["CREATE TABLE one (a)", "CREATE TABLE two (a)", "CREATE TABLE three (a)"];

  /** The store's class of a program that knows more steps. */
  async function upgraded(more: readonly string[]): Promise<typeof SqliteStore> {
    const schema = await vi.importActual<typeof import("../../src/store/sqlite/schema.ts")>(
      "../../src/store/sqlite/schema.ts",
    );
    const MIGRATIONS = [...schema.MIGRATIONS, ...more];
    vi.resetModules();
    vi.doMock("../../src/store/sqlite/schema.ts", () => {
      return { ...schema, MIGRATIONS, SCHEMA_VERSION: MIGRATIONS.length };
    });
    return (await import("../../src/store/sqlite/sqlite-store.ts")).SqliteStore;
  }

  function tables(file: string): unknown[] {
    const db = new Database(file, { readonly: true });
    const names = db.prepare("SELECT name FROM sqlite_schema ORDER BY name").pluck().all();
    db.close();
    return names;
  }

  test.each([0, 1, 2])("an upgrade that fails at step %i leaves the old version", async (at) => {
    const file = catalog();
    const before = tables(file);
    const broken = steps.map((step, i) => (i === at ? `${step}; SELECT nothing` : step));
    const newer = await upgraded(broken);
    await expectErrorCode(() => newer.open(file, { mode: "write", ...ports }), "STORE_IO");
    expect(tables(file)).toEqual(before);
    const store = open(file);
    expect(store.verify()).toEqual({ revisions: 1, objects: 1, findings: [] });
    store.author(command(setField(NOTE, "title", "1")));
    store.close();
  });

  test("an upgrade is one opening for writing; reading waits for it", async () => {
    const file = catalog();
    const newer = await upgraded(steps);
    await expectErrorCode(() => newer.open(file, { mode: "read", ...ports }), "READ_ONLY");
    newer.open(file, { mode: "write", ...ports }).close();
    expect(tables(file)).toEqual(expect.arrayContaining(["one", "two", "three"]));
    const reader = newer.open(file, { mode: "read", ...ports });
    expect(reader.object(NOTE)).toMatchObject({ name: "a" });
    reader.close();
    await expectError(() => open(file), "FORMAT_TOO_NEW");
  });
});

/** Tables of format 1, each with the columns that it has gained since. */
const ADDED_COLUMNS = [
  ...["link", "run", "cursor", "quarantine"].map((table) => [table, "sum"]),
  ...[["obj", "merge", "contested", "space", "nkey", "nwriter", "ename", "canonical"]],
  ["obj", "parked", "withheld"],
  ["rev", "kind"],
  ["run", "id"],
];

const ADDED_TABLES = [
  ...["conflict", "policy", "policy_offer", "known_peer"],
  ...["scope", "scope_member", "scope_tie", "departure", "met"],
];

describe("upgrading", () => {
  test("from format 1 drops what was refused under an id that is stored", () => {
    const file = catalog();
    const db = new Database(file);
    for (const index of [
      "obj_key",
      "obj_ename",
      "obj_gone",
      "obj_removed",
      "obj_parked",
      "obj_withheld",
      "rev_purge",
      "run_id",
    ]) {
      db.exec(`DROP INDEX ${index}`);
    }
    for (const table of ADDED_TABLES) db.exec(`DROP TABLE ${table}`);
    for (const [table, ...columns] of ADDED_COLUMNS) {
      for (const column of columns) db.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
    db.exec("CREATE INDEX obj_name ON obj (type, name)");
    const [id, changeset] = ["SELECT id FROM rev", "SELECT uuid FROM changeset"].map((sql) =>
      uuidText(db.prepare(sql).pluck().get() as Buffer),
    );
    db.exec("DROP INDEX quarantine_id; DELETE FROM migration WHERE version > 1");
    db.exec("INSERT INTO meta VALUES ('overflow', 5)");
    const insert = db.prepare("INSERT INTO quarantine VALUES (?, ?, ?, '', NULL, NULL, 0, 'x')");
    insert.run("stored", id, "BODY_HASH_MISMATCH");
    insert.run("stored too", changeset, "INVALID_RECORD");
    insert.run("another", id, "ID_REUSED");
    insert.run("waits", uuid(99), "PARENT_MISSING");
    insert.run("junk", null, "INVALID_JSON");
    db.close();
    const store = open(file);
    expect(store.quarantine().map(({ key }) => key)).toEqual(["another", "junk", "waits"]);
    expect(store.counts().quarantined).toBe(3);
    // What was written before there were sums is not checked by them.
    const unreadable = store.verify().findings.map(({ where }) => where);
    expect(unreadable.filter((where) => where.startsWith("quarantine ")).sort()).toEqual(
      ["another", "junk", "waits"].map((key) => `quarantine ${key}`),
    );
    store.close();
  });
});
