// Proves that the index file can be lost, damaged or left behind, and that it then is what the store
// says again; and that verify tells when it is not.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { discardIndexFile } from "../../src/search/sqlite/index-file.ts";
import { IndexKeeper } from "../../src/search/sqlite/index-keeper.ts";
import type { LogSource } from "../../src/search/sqlite/log-source.ts";
import type { ObjectRow } from "../../src/store/rows.ts";
import type { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { counted, damage, numbered, world, write } from "./index-world.ts";

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
    damage(at.file, "DELETE FROM text_data WHERE id > 10");
    const index = at.open();
    expect((await index.query({ text: "sea", limit: 1 })).total).toBe(500);
    expect(at.notices).toEqual([ANEW]);
    // Meanwhile too, whatever comes; and once it is there, it is used.
    write(at.writer, ["more"]);
    index.advance(501);
    expect((await index.query({ text: "sea", limit: 1 })).total).toBe(501);
    await index.covers(501);
    expect((await index.query({ text: "sea", limit: 1 })).total).toBe(501);
    await index.close();
    expect(await counted(at)).toBe(501);
    expect(at.notices).toEqual([ANEW]);
  });

  test("may be closed while it is given up", async () => {
    const at = world();
    write(at.writer, numbered(50));
    expect(await counted(at)).toBe(50);
    damage(at.file, "DELETE FROM text_data WHERE id > 10");
    const index = at.open("write", at.reader, "from-start");
    // It has to wait for its thread to let go of the file, and is asked again meanwhile.
    for (let i = 0; i < 2; i++) {
      expect((await index.query({ text: "sea", limit: 1 })).total).toBe(50);
    }
    await index.close();
    at.reader.close();
    // What was left to do has no store to read any more: trying would reject, heard by nobody.
    await new Promise((resolve) => setImmediate(resolve));
    expect(at.notices).toEqual([ANEW]);
  });

  test.each([
    ["the text", "DELETE FROM text_data WHERE id > 10"],
    ["a table", "DROP TABLE facet"],
    ["what it covers", "DELETE FROM covered"],
    ["the position", "UPDATE covered SET lsn = 'x'"],
    ["the chain", "UPDATE covered SET chain = 7"],
    ["facets", "UPDATE doc SET facets = 'x'"],
    ["a title", "UPDATE doc SET title = x'00' WHERE doc = 1"],
    ["an id", "UPDATE doc SET id = x'00' WHERE doc = 1"],
    ["a whole row", "DELETE FROM doc WHERE doc = 2"],
  ])("damaged in %s misleads nobody for long", async (_what, sql) => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);
    damage(at.file, sql);
    // Who only reads answers from the store, or says what is wrong, and has it made anew.
    const reader = at.open("read");
    const { total } = await reader.query({ text: "sea", limit: 10 });
    if (total !== 5 || at.notices.length === 0) {
      expect(await reader.verify()).toContainEqual({
        where: expect.stringMatching(/^search /),
        message: expect.stringMatching(/\w/),
      });
    }
    expect(at.notices).toEqual([expect.stringContaining("the next command that writes")]);
    await reader.close();

    const index = at.open();
    write(at.writer, ["p1"], "lake");
    await index.covers(6);
    expect(at.notices.slice(1)).toEqual([ANEW]);
    expect((await index.query({ text: "sea", limit: 10 })).total).toBe(4);
    expect(await index.verify()).toEqual([]);
    await index.close();
  });

  test.each([
    ["facets of another kind", "UPDATE doc SET facets = 'x'"],
    ["a chain of another kind", "UPDATE covered SET chain = 7"],
    ["a rule that it does not have", "CREATE UNIQUE INDEX one_lsn ON doc (state)"],
  ])("is built anew when indexing meets %s", async (_what, sql) => {
    const at = world();
    write(at.writer, numbered(1));
    expect(await counted(at)).toBe(1);
    damage(at.file, sql);
    write(at.writer, numbered(5), "lake");
    expect(await counted(at, "lake")).toBe(5);
    expect(at.notices).toEqual([ANEW]);
  });

  test("is built anew when verify finds that it does not agree with the store", async () => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);
    damage(at.file, "UPDATE doc SET title = 'x' WHERE name = 'p1'");
    const index = at.open();
    expect(await index.verify()).toHaveLength(1);
    await index.covers(5);
    expect(await index.verify()).toEqual([]);
    await index.close();
    expect(at.notices).toEqual([ANEW]);
  });

  test("a reader goes over to the file that was made anew", async () => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);
    let scans = 0;
    const source = watched(at.reader, () => {
      scans += 1;
    });
    const reader = at.open("read", source);
    expect((await reader.query({ text: "sea", limit: 1 })).total).toBe(5);
    discardIndexFile(at.file);
    write(at.writer, ["more"]);
    expect(await counted(at)).toBe(6);
    expect((await reader.query({ text: "sea", limit: 1 })).total).toBe(6);
    write(at.writer, ["still more"]);
    expect(await counted(at)).toBe(7);
    scans = 0;
    expect((await reader.query({ text: "sea", limit: 1 })).total).toBe(7);
    expect(scans).toBe(0);
    await reader.close();
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
      "is not in the store",
      "objects and their texts differ in number",
    ]);
  });

  test("verify has nothing to say of a writer beside it", async () => {
    const at = world();
    write(at.writer, numbered(1500));
    expect(await counted(at)).toBe(1500);
    const keeper = new IndexKeeper(at.file, at.reader, 1000);
    let edits = 0;
    // Between a page of the store and its comparison, its objects change and are indexed.
    const source = watched(at.reader, (rows) => {
      write(
        at.writer,
        rows.slice(0, 50).map(({ name }) => name as string),
        `sea ${edits++}`,
      );
      if (edits % 2 === 1) while (!keeper.step().done);
    });
    const index = at.open("read", source);
    expect(await index.verify()).toEqual([]);
    expect(edits).toBeGreaterThan(1);
    await index.close();
    keeper.close();
  });

  test("verify finds damage in an index that is behind, and only that", async () => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);
    write(at.writer, ["p0", "new"], "lake");
    const index = at.open("read");
    expect(await index.verify()).toEqual([]);
    damage(at.file, "UPDATE doc SET type = 'tag' WHERE name = 'p1'");
    damage(at.file, "UPDATE doc SET facets = zeroblob(17) WHERE name = 'p2'");
    damage(
      at.file,
      "INSERT INTO doc SELECT 99, zeroblob(16), lsn, type, state, name, title, '' FROM doc LIMIT 1",
    );
    const messages = (await index.verify()).map(({ message }) => message).sort();
    expect(messages).toEqual([
      "has another type in the index",
      "has other facets in the index",
      "is not in the store",
      "objects and their facets differ in number",
      "objects and their texts differ in number",
    ]);
    await index.close();
  });

  test("verify tells damage to the file, and a catalog that cannot be read", async () => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);
    const broken = {
      ...forwarded(at.reader),
      objects: () => at.writer.contentTextAt("none" as never),
    };
    const index = at.open("read", broken as never);
    expect(await index.verify()).toEqual([
      { where: "search index", message: expect.stringMatching(/^cannot be compared .*none/) },
    ]);
    expect(at.notices).toEqual([]);
    writeFileSync(at.file, "no database, and longer than the header of one is".repeat(100));
    expect(await index.verify()).toEqual([
      { where: "search index", message: "file is not a database" },
    ]);
    rmSync(at.file);
    expect(await index.verify()).toEqual([]);
    await index.close();
  });

  test("what another program or policy chooses is found as soon as the index is open", async () => {
    const at = world();
    write(at.writer, ["a", "b"]);
    expect(await counted(at)).toBe(2);
    const [row] = at.reader.objects({ limit: 1 }) as [ObjectRow];
    const text = row.text.replace("sea", "lake");
    const changed: LogSource = {
      ...forwarded(at.reader),
      policyHash: () => "another",
      merged: () => [row.id],
      object: (id) => (id === row.id ? { ...row, text } : at.reader.object(id)),
      objects: (filter) =>
        at.reader.objects(filter).map((it) => (it.id === row.id ? { ...it, text } : it)),
    };
    for (const mode of ["read", "write", "read"] as const) {
      const index = at.open(mode, changed, "none");
      index.advance(at.reader.head().lsn);
      expect(await index.query({ text: "lake", limit: 1 })).toMatchObject({ total: 1 });
      await index.close();
    }
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

const ANEW = "the search index was damaged: it is built anew";

function forwarded(store: SqliteStore): LogSource {
  return {
    head: () => store.head(),
    chainAt: (lsn) => store.chainAt(lsn),
    changes: (after, limit) => store.changes(after, limit),
    policyHash: () => store.policyHash(),
    merged: () => store.merged(),
    derivedNames: () => store.derivedNames(),
    object: (id) => store.object(id),
    objects: (filter) => store.objects(filter),
  };
}

/** A store that calls back after each page of objects. */
function watched(store: SqliteStore, seen: (rows: readonly ObjectRow[]) => void): LogSource {
  return {
    ...forwarded(store),
    objects: (filter) => {
      const rows = store.objects(filter);
      seen(rows);
      return rows;
    },
  };
}
