// Proves that `verify` finds each kind of damage in what is stored of scopes, and names the row.
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeHash, scopeText } from "../../src/scope/scope.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, identity, put, testPorts } from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const [GROUP, IN, OUT, TAG, SECRET] = [1, 2, 3, 4, 5].map((n) => uuid<never>(n)) as [
  ...[never, never, never, never, never],
];
const scope = parseScope({ groups: ["parks"] });
const hash = scopeHash(scope);

/** A catalog with a scope, and one that takes all, both evaluated; changed by some SQL. */
function findingsAfter(sql: string): string[] {
  const file = newFile();
  const store = SqliteStore.create(file, { identity: identity(1), ...testPorts(1) });
  const groups = { groups: { [GROUP]: true } };
  store.author(
    command(
      put(GROUP, { name: "parks" }, "create", "group"),
      put(TAG, { name: "water" }, "create", "tag"),
      put(IN, { name: "in", tags: { [TAG]: true }, ...groups }, "create", "package"),
      put(OUT, { name: "out" }, "create", "package"),
      put(SECRET, { name: "secret", private: true }, "create", "package"),
    ),
  );
  for (const one of [scope, parseScope({})]) {
    store.evaluateScope({ hash: scopeHash(one), text: scopeText(one) });
  }
  expect(store.verify().findings).toEqual([]);
  store.close();
  const db = new Database(file);
  db.exec(sql);
  db.close();
  const damaged = SqliteStore.open(file, { mode: "write", ...testPorts(1) });
  onTestFinished(() => damaged.close());
  return damaged.verify().findings.map(({ where, message }) => `${where}: ${message}`);
}

const oid = (id: string): string =>
  `(SELECT oid FROM obj WHERE uuid = x'${id.replaceAll("-", "")}')`;
const ID = `(SELECT id FROM scope WHERE hash = '${hash}')`;
const ALL = `(SELECT id FROM scope WHERE hash = '${scopeHash(parseScope({}))}')`;
const NOT_SO = "it is not what an evaluation from nothing gives";

test.each([
  ["a member that is none", `DELETE FROM scope_member WHERE oid = ${oid(IN)}`, IN, NOT_SO],
  [
    "an outsider as a member",
    `INSERT INTO scope_member VALUES (${ID}, ${oid(OUT)}, 1, 1, 1, 0, 1)`,
    OUT,
    NOT_SO,
  ],
  ["a member that left", `UPDATE scope_member SET inside = 0 WHERE oid = ${oid(TAG)}`, TAG, NOT_SO],
  [
    "one that is selected by itself",
    `UPDATE scope_member SET selected = 1 WHERE oid = ${oid(TAG)}`,
    TAG,
    NOT_SO,
  ],
  [
    "a private one that is carried",
    `DELETE FROM scope_member WHERE oid = ${oid(SECRET)} AND scope = ${ALL}`,
    SECRET,
    NOT_SO,
  ],
  [
    "an evaluation that never was",
    `UPDATE scope_member SET round = 9 WHERE oid = ${oid(IN)}`,
    IN,
    "it changed in an evaluation that never was",
  ],
  [
    "a position that never was",
    `UPDATE scope_member SET entered = 99 WHERE oid = ${oid(IN)}`,
    IN,
    "it changed in an evaluation that never was",
  ],
  ["a tie that is missing", "DELETE FROM scope_tie", IN, "its ties are not those of the object"],
  [
    "a tie that is none",
    `INSERT INTO scope_tie VALUES (${ID}, ${oid(IN)}, 0, x'${String(OUT).replaceAll("-", "")}')`,
    IN,
    "its ties are not those of the object",
  ],
  [
    "a scope of another text",
    `UPDATE scope SET text = '{"groups":["roads"]}' WHERE id = ${ID}`,
    `scope ${hash}`,
    "its document has another hash",
  ],
  [
    "a scope of no text",
    `UPDATE scope SET text = '{' WHERE id = ${ID}`,
    `scope ${hash}`,
    "not a scope",
  ],
  [
    "a scope that is ahead of the log",
    `UPDATE scope SET lsn = 99 WHERE id = ${ID}`,
    `scope ${hash}`,
    "where the log has not come",
  ],
  ["a scope that was changed", `UPDATE scope SET changed = 3 WHERE id = ${ID}`, hash, "its sum"],
  ["a member of no scope", "UPDATE scope_member SET scope = 77", "scope_member", "to nothing"],
  ["a tie of no object", "UPDATE scope_tie SET oid = 77", "scope_tie oid=77", "to nothing"],
  [
    "a mark of no object",
    "INSERT INTO departure VALUES (77, 'peer', 'scope')",
    "departure oid=77",
    "to nothing",
  ],
])("%s", (_what, sql, where, message) => {
  const found = findingsAfter(sql);
  const named = found.filter((one) => one.includes(where) && one.includes(message));
  expect(named).not.toEqual([]);
});

test("what stayed home and is gone is no damage", () => {
  const store = SqliteStore.create(":memory:", { identity: identity(1), ...testPorts(1) });
  store.author(command(put(SECRET, { name: "secret", private: true }, "create", "package")));
  const all = parseScope({});
  store.evaluateScope({ hash: scopeHash(all), text: scopeText(all) });
  store.author(command({ kind: "purge", object: SECRET, reason: "asked to" }));
  expect(store.verify().findings).toEqual([]);
  store.close();
});
