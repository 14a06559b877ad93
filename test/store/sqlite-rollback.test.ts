// Proves that a transaction that fails in the middle of its writes leaves nothing behind, neither
// in the file nor in what the store remembers of it.
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, expectNoEffect, identity, put, setField, testPorts } from "./helpers.ts";
import { Author, batchOf, cursorOver, unreadable, uuid } from "./records.ts";

removeFoldersAfterwards();

const NOTE = uuid<ObjectId>(1);

/** Makes the writing of some rows fail until the returned function is called. */
function failing(file: string, table: string): () => void {
  const db = new Database(file);
  db.exec(
    `CREATE TRIGGER failing BEFORE INSERT ON "${table}" BEGIN SELECT RAISE(ABORT, 'no'); END`,
  );
  return () => {
    db.exec("DROP TRIGGER failing");
    db.close();
  };
}

test.each(["changeset", "obj", "rev", "snap", "quarantine", "cursor", "actor", "peer"])(
  "a batch whose row of %s cannot be written",
  async (table) => {
    const file = newFile();
    const store = SqliteStore.create(file, { identity: identity(1), ...testPorts(1) });
    store.author(command(put(uuid<ObjectId>(7), { name: "own" })));
    const peer = new Author(1);
    const changeset = peer.changeset();
    const line = [peer.create(NOTE, { n: 0 }, changeset)];
    for (let i = 1; i < 70; i++) line.push(peer.set(line.at(-1) as never, { n: i }, changeset));
    const source = identity(2).instance;
    const odd = unreadable(uuid(3));
    const cursor = cursorOver(...line, odd);
    const batch = { source, bytes: batchOf(changeset, ...line, odd), cursor };

    const mend = failing(file, table);
    for (let attempt = 0; attempt < 2; attempt++) {
      await expectNoEffect(store, "STORE_IO", () => store.apply(batch));
      expect(store.cursor(source, "all")).toBeUndefined();
    }
    mend();
    expect(store.apply(batch)).toMatchObject({ revisions: 70, refused: [{ id: null }] });
    expect(store.cursor(source, "all")?.ladder).toEqual([cursor.rung]);
    expect(store.objectsReceived(source, [[0, store.head().lsn]])).toBe(1);
    store.author(command(setField(NOTE, "title", "x")));
    expect(store.verify()).toEqual({ revisions: 72, objects: 2, findings: [] });
    store.close();
  },
);

test.each(["changeset", "obj", "rev", "meta"])(
  "an edit whose row of %s cannot be written",
  async (table) => {
    const file = newFile();
    const store = SqliteStore.create(file, { identity: identity(1), ...testPorts(1) });
    const mend = failing(file, table);
    const edit = command(put(NOTE, { name: "a" }));
    for (let attempt = 0; attempt < 2; attempt++) {
      await expectNoEffect(store, "STORE_IO", () => store.author(edit));
    }
    mend();
    store.author(edit);
    const numbers = store.entries({ limit: 9 }).map(({ text }) => JSON.parse(text).seq);
    expect(numbers).toEqual([1]);
    expect(store.verify().findings).toEqual([]);
    store.close();
  },
);
