// Proves that the index file can be lost, damaged, left behind or belong to another history, and
// that it then is what the store says again; and that verify tells when it is not.
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { namedId, type ObjectId } from "../../src/base/ids.ts";
import type { Change } from "../../src/log/author.ts";
import { SqliteSearch } from "../../src/search/sqlite/sqlite-search.ts";
import type { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { sqliteStores } from "./stores.ts";

interface World {
  readonly folder: string;
  readonly file: string;
  readonly writer: SqliteStore;
  readonly reader: SqliteStore;
  open(mode?: "read" | "write"): SqliteSearch;
}

function world(): World {
  const folder = temporaryFolder({});
  const catalogFile = join(folder, "catalog.db");
  const file = join(folder, "search.db");
  const { writer, reader } = sqliteStores(catalogFile);
  onTestFinished(() => {
    reader.close();
    writer.close();
  });
  return {
    folder,
    file,
    writer,
    reader,
    open: (mode = "write") =>
      new SqliteSearch({ file, catalogFile, source: reader, mode, thread: "on-demand" }),
  };
}

function write(store: SqliteStore, names: readonly string[], notes = "sea"): void {
  const changes = names.map((name): Change => {
    const object = namedId("package", name) as ObjectId;
    return { kind: "put", object, type: "package", content: { name, notes }, mode: "replace" };
  });
  store.author({ author: "ada", message: "", changes });
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `p${index}`);
}

/** Opens the index, brings it up to date, counts what it finds, and closes it. */
async function counted(at: World, text = "sea"): Promise<number> {
  const index = at.open();
  await index.covers(at.reader.head().lsn);
  const { total } = await index.query({ text, limit: 1 });
  expect(await index.verify()).toEqual([]);
  await index.close();
  return total;
}

describe("the index file", () => {
  test("goes on where it was left", async () => {
    const at = world();
    write(at.writer, numbered(10));
    expect(await counted(at)).toBe(10);
    write(at.writer, ["more"]);
    expect(await counted(at)).toBe(11);
  });

  test("is complete after a process that ended in the middle of catching up", async () => {
    const at = world();
    write(at.writer, numbered(600));
    const index = at.open();
    index.advance(600);
    // Closing does the step that is under way, and leaves the rest.
    await index.close();
    const db = new Database(at.file);
    const lsn = db.prepare("SELECT lsn FROM covered").pluck().get() as number;
    db.close();
    expect(lsn).toBeGreaterThan(0);
    expect(lsn).toBeLessThan(600);
    expect(await counted(at)).toBe(600);
  });

  test("a large backlog is worked off on a thread, small ones after it too", async () => {
    const at = world();
    write(at.writer, numbered(3000));
    const index = at.open();
    index.advance(3000);
    const early = await index.query({ text: "sea", limit: 1 });
    expect(early.total).toBeLessThanOrEqual(3000);
    await index.covers(3000);
    write(at.writer, ["more"]);
    index.advance(3001);
    expect((await index.query({ text: "sea", limit: 1 })).total).toBe(3001);
    await index.close();
  });

  test("is built anew when it is missing, damaged, or of another format", async () => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);
    rmSync(at.file);
    expect(await counted(at)).toBe(5);
    writeFileSync(at.file, "this is no database, and it is longer than a header is".repeat(100));
    expect(await counted(at)).toBe(5);
    const bytes = readFileSync(at.file);
    bytes.fill(0x55, 20_000);
    writeFileSync(at.file, bytes);
    expect(await counted(at)).toBe(5);
    const db = new Database(at.file);
    db.exec("PRAGMA user_version = 0; ALTER TABLE doc DROP COLUMN title");
    db.close();
    expect(await counted(at)).toBe(5);
  });

  test("answers from the store while it cannot be read, and is built anew for that", async () => {
    const at = world();
    write(at.writer, numbered(500));
    expect(await counted(at)).toBe(500);
    const db = new Database(at.file);
    db.unsafeMode().exec("DELETE FROM text_data WHERE id > 10");
    db.close();
    const index = at.open();
    expect((await index.query({ text: "sea", limit: 1 })).total).toBe(500);
    await index.covers(500);
    await index.close();
    expect(await counted(at)).toBe(500);
  });

  test("is built anew when the store was restored to an older state and went another way", async () => {
    const at = world();
    write(at.writer, numbered(5));
    const old = join(at.folder, "old.db");
    await at.writer.backup(old);
    write(at.writer, ["lost"]);
    expect(await counted(at)).toBe(6);

    const restored = world();
    restored.writer.close();
    restored.reader.close();
    copyFileSync(at.file, restored.file);
    copyFileSync(old, join(restored.folder, "catalog.db"));
    const { SqliteStore } = await import("../../src/store/sqlite/sqlite-store.ts");
    const ports = { clock: { nowMs: () => 1e12, monotonicMs: () => 0 }, random: { bytes: random } };
    const file = join(restored.folder, "catalog.db");
    const writer = SqliteStore.open(file, { mode: "write", ...ports });
    write(writer, ["other", "another"], "lake");
    const source = SqliteStore.open(file, { mode: "read", ...ports });
    const options = { file: restored.file, catalogFile: file, source, thread: "none" } as const;
    const index = new SqliteSearch({ ...options, mode: "write" });
    await index.covers(source.head().lsn);
    expect((await index.query({ text: "lost", limit: 1 })).total).toBe(0);
    expect((await index.query({ text: "lake", limit: 1 })).total).toBe(2);
    expect(await index.verify()).toEqual([]);
    await index.close();
    source.close();
    writer.close();
  });

  test("a reader uses it while it is up to date, reads the store otherwise, and writes nothing", async () => {
    const at = world();
    write(at.writer, numbered(5));
    const without = at.open("read");
    expect((await without.query({ text: "sea", limit: 1 })).total).toBe(5);
    expect(existsSync(at.file)).toBe(false);
    await without.close();

    expect(await counted(at)).toBe(5);
    const reader = at.open("read");
    expect((await reader.query({ text: "sea", limit: 1 })).total).toBe(5);
    write(at.writer, ["more"]);
    expect((await reader.query({ text: "sea", limit: 1 })).total).toBe(6);
    await reader.close();
  });

  test("verify says what does not agree with the store", async () => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);
    const db = new Database(at.file);
    db.exec(
      "UPDATE doc SET title = 'x' WHERE name = 'p1'; UPDATE doc SET lsn = 0 WHERE name = 'p2'",
    );
    db.exec("DELETE FROM text WHERE rowid = 1");
    db.exec("UPDATE doc SET id = zeroblob(16) WHERE name = 'p3'");
    db.close();
    const index = at.open();
    const messages = (await index.verify()).map(({ message }) => message).sort();
    await index.close();
    expect(messages).toEqual([
      "has another title in the index",
      "is indexed as of lsn 0, not 3",
      "is not in the index",
      "objects and their texts differ in number",
    ]);
  });

  test("waiting ends when the index is closed", async () => {
    const at = world();
    write(at.writer, numbered(3000));
    const index = at.open();
    const waiting = index.covers(3000);
    waiting.catch(() => {});
    await index.close();
    await expect(waiting).rejects.toMatchObject({ code: "CLOSED" });
    await expect(index.covers(3000)).rejects.toMatchObject({ code: "CLOSED" });
  });
});

let drawn = 0;

function random(count: number): Uint8Array {
  return new Uint8Array(count).fill(++drawn);
}
