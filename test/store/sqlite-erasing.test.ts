// Proves that the catalog's files hold nothing of a purged object, even if somebody was looking at
// an older state when it went, or the process ended just then.
import { copyFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, identity, put, testPorts } from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const [NOTE, OTHER] = [uuid<ObjectId>(1), uuid<ObjectId>(2)];
const ports = testPorts(1);

/** True when the database file or its write-ahead log holds the word. */
function holds(file: string, word: string): boolean {
  return ["", "-wal"].some((suffix) => readFileSync(file + suffix).includes(word));
}

/** A store that purged its only object while another connection looked at an older state. */
function purgedBesideReader() {
  const file = newFile();
  const store = SqliteStore.create(file, { identity: identity(1), ...ports });
  store.author(command(put(NOTE, { name: "a", text: "xyzzy" })));
  const reader = new Database(file);
  reader.exec("BEGIN");
  expect(reader.prepare("SELECT count(*) FROM rev").pluck().get()).toBe(1);
  store.author(command({ kind: "purge", object: NOTE, reason: "" }));
  expect(holds(file, "xyzzy")).toBe(true);
  return { file, store, reader };
}

test("it goes with the next change once nobody looks at it any more", () => {
  const { file, store, reader } = purgedBesideReader();
  reader.close();
  store.author(command(put(OTHER, { name: "b" })));
  expect(holds(file, "xyzzy")).toBe(false);
  store.close();
});

test("it goes when the catalog is opened again", () => {
  const { file, store, reader } = purgedBesideReader();
  const copy = join(dirname(file), "copy.db");
  for (const suffix of ["", "-wal"]) copyFileSync(file + suffix, copy + suffix);
  const reopened = SqliteStore.open(copy, { mode: "write", ...ports });
  expect(holds(copy, "xyzzy")).toBe(false);
  for (const one of [reopened, reader, store]) one.close();
});
