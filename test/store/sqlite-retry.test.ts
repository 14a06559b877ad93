// Proves that a record which a program before refused is stored when it is tried again, with what
// waited for it.
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { from, identity, testPorts } from "./helpers.ts";
import { Author, batchOf, sha256, uuid } from "./records.ts";

removeFoldersAfterwards();

const NOTE = uuid<ObjectId>(1);
const ports = testPorts(1);

test("what can be stored now leaves the quarantine, with what waited for it", () => {
  const file = newFile();
  const author = new Author(1);
  const changeset = author.changeset();
  const note = author.create(NOTE, { name: "a" }, changeset);
  const later = author.set(note, { title: "b" }, changeset);
  const before = SqliteStore.create(file, { identity: identity(1), ...ports });
  before.apply(from(identity(2), batchOf(changeset, later)));
  before.close();
  const db = new Database(file);
  const row = [sha256(note.text), note.id, Buffer.from(note.text)];
  db.prepare(
    `INSERT INTO quarantine (key, id, code, message, received_ms, bytes)
       VALUES (?, ?, 'INVALID_OBJECT', 'not known yet', 0, ?)`,
  ).run(...row);
  db.close();
  const store = SqliteStore.open(file, { mode: "write", ...ports });
  expect(store.quarantine()).toHaveLength(2);
  const outcome = store.retryQuarantined([sha256(note.text)]);
  expect(outcome).toMatchObject({ revisions: 2, objects: 1, head: { lsn: 2 } });
  expect(store.quarantine()).toEqual([]);
  expect(store.object(NOTE)?.text).toBe('{"name":"a","title":"b"}');
  // Nobody knows that the peer has them, so they are sent to it.
  expect(store.entries({ limit: 9 }).map(({ source }) => source)).toEqual([null, null]);
  expect(store.verify().findings).toEqual([]);
  store.close();
});
