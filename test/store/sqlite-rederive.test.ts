// Proves that what is derived comes back page by page as it was, and that the rows of creations stay
// without a body.
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { rederive } from "../../src/store/sqlite/rederive.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, identity, put, setField, testPorts } from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

test("names and writers of many objects, also of one name in different pages", () => {
  const file = newFile();
  const ports = testPorts(1);
  const store = SqliteStore.create(file, { identity: identity(1), ...ports });
  const objects = Array.from({ length: 410 }, (_, n) => uuid<ObjectId>(n + 1));
  store.author(command(...objects.map((id, n) => put(id, { name: `n${n % 205}` }))));
  store.author(command(setField(objects[0] as ObjectId, "title", "edited")));
  const digest = store.digest();
  const open = store.openConflicts();
  expect(open).toBe(205);
  store.close();

  const db = new Database(file);
  const rows = db.prepare("SELECT * FROM obj ORDER BY oid");
  const before = rows.all();
  db.exec(`UPDATE obj SET nwriter = NULL, space = NULL, nkey = NULL, ename = NULL, canonical = NULL,
    contested = 0; DELETE FROM conflict`);
  rederive(db, ports);
  expect(rows.all()).toEqual(before);
  db.close();

  const again = SqliteStore.open(file, { mode: "write", ...ports });
  expect(again.digest()).toBe(digest);
  expect(again.openConflicts()).toBe(open);
  expect(again.verify().findings).toEqual([]);
  again.close();
});
