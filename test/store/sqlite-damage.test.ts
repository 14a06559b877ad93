// Proves that damage to a catalog file is noticed and named by its row, whatever part it hits, and
// that reading a damaged file ends in a SynclineError or an answer, never in another exception.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { ObjectId, RevisionId } from "../../src/base/ids.ts";
import type { LinkRow, RunRow } from "../../src/store/rows.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import {
  command,
  EVERYTHING,
  from,
  identity,
  memoryStore,
  put,
  setField,
  TestRandom,
  testPorts,
  transfer,
} from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const NOTE = uuid<ObjectId>(1);
const OTHER = uuid<ObjectId>(2);
const TWICE = uuid<ObjectId>(3);
const ports = testPorts(1);
let whole: string;

function open(file: string): SqliteStore {
  return SqliteStore.open(file, { mode: "write", ...ports });
}

/** Something of everything: edits, a snapshot, two heads, quarantine, a cursor, a link. */
beforeAll(async () => {
  whole = newFile();
  const store = SqliteStore.create(whole, { identity: identity(1), ...ports });
  const peer = memoryStore(2);
  store.author(
    command(put(NOTE, { name: "a" }), put(OTHER, { name: "b" }), put(TWICE, { n: "0" })),
  );
  await transfer(store, peer);
  for (let i = 0; i < 70; i++) store.author(command(setField(NOTE, "n", `${i}`)));
  store.author(command(setField(TWICE, "n", "1")));
  peer.author(command(setField(TWICE, "n", "2")));
  await transfer(peer, store);
  store.apply(from(null, Buffer.from("junk\n")));
  const { name, epoch, instance } = identity(2);
  store.saveLink({ name: "hq", url: "http://127.0.0.1:7300", peer: instance } as LinkRow);
  store.saveRun({ link: "hq", peerName: name, outcome: "ok" } as unknown as RunRow);
  const after = { lsn: 7, chain: "0".repeat(32) };
  const cursor = { scope: "all", after, rung: { epoch, ...after } };
  store.apply({ source: instance, bytes: new Uint8Array(0), cursor });
  expect(store.verify().findings).toEqual([]);
  store.close();
});

/** A copy of the catalog, changed by SQL. */
function damaged(...statements: readonly string[]): string {
  const file = newFile();
  copyFileSync(whole, file);
  const db = new Database(file);
  db.unsafeMode();
  for (const statement of statements) db.exec(statement);
  db.close();
  return file;
}

function findings(file: string): { where: string; message: string }[] {
  const store = open(file);
  const found = store.verify().findings.map(({ where, message }) => ({ where, message }));
  store.close();
  return found;
}

const FLIP = (column: string, at: number): string =>
  `${column} = CAST(substr(${column}, 1, ${at}) || X'07' || substr(${column}, ${at + 2}) AS BLOB)`;
const OF_NOTE = `oid = (SELECT oid FROM obj WHERE name = 'a')`;
const OF_TWICE = `oid = (SELECT oid FROM obj WHERE nheads = 2)`;

const DAMAGES: readonly [what: string, sql: string, where: string | RegExp, message: RegExp][] = [
  ["a record's byte", `UPDATE rev SET ${FLIP("record", 300)} WHERE lsn = 9`, "rev lsn=9", /hash/],
  ["a record's number", `UPDATE rev SET record = 7 WHERE lsn = 9`, "rev lsn=9", /./],
  ["a record's hash", `UPDATE rev SET ${FLIP("hash", 4)} WHERE lsn = 9`, "rev lsn=9", /hash/],
  ["the chain", `UPDATE rev SET ${FLIP("chain", 4)} WHERE lsn = 9`, "rev lsn=9", /chain/],
  ["a chain of another type", `UPDATE rev SET chain = 'x' WHERE lsn = 9`, "rev lsn=9", /./],
  ["a lost row", "DELETE FROM rev WHERE lsn = 9", "rev lsn=10", /entries 9 to 9 are missing/],
  ["a lost first row", "DELETE FROM rev WHERE lsn = 1", "rev lsn=2", /entries 1 to 1 are missing/],
  [
    "a lost end",
    "DELETE FROM rev WHERE lsn > 70",
    `obj ${NOTE}`,
    /served revision is missing|cannot be read/,
  ],
  [
    "a lost changeset",
    "DELETE FROM changeset WHERE id = (SELECT cs FROM rev WHERE lsn = 9)",
    "rev lsn=9",
    /changeset .* is missing/,
  ],
  [
    "a changeset's byte",
    `UPDATE changeset SET ${FLIP("record", 200)} WHERE id = 3`,
    /^changeset [0-9a-f-]{36}$/,
    /hash/,
  ],
  ["an id beside the record", `UPDATE rev SET ${FLIP("id", 3)} WHERE lsn = 9`, "rev lsn=9", /id/],
  ["a number beside it", "UPDATE rev SET aseq = 5 WHERE lsn = 9", "rev lsn=9", /seq/],
  ["a time beside it", "UPDATE rev SET hlc = 5 WHERE lsn = 9", "rev lsn=9", /hlc/],
  ["an actor beside it", "UPDATE rev SET actor = 99 WHERE lsn = 9", "rev lsn=9", /actor/],
  ["the wrong changeset", "UPDATE rev SET cs = 2 WHERE lsn = 9", "rev lsn=9", /changeset/],
  ["the wrong object", "UPDATE rev SET oid = 2 WHERE lsn = 9", "rev lsn=9", /object/],
  ["a generation", "UPDATE rev SET gen = 1 WHERE lsn = 9", `obj ${NOTE}`, /generation/],
  ["a served head", `UPDATE obj SET served = 9 WHERE ${OF_NOTE}`, `obj ${NOTE}`, /heads/],
  ["a lost head", `DELETE FROM head WHERE lsn = 74`, `obj ${TWICE}`, /heads/],
  ["one head too few", `UPDATE obj SET nheads = 1 WHERE ${OF_TWICE}`, `obj ${TWICE}`, /heads/],
  ["a body", `UPDATE obj SET body = body || ' ' WHERE ${OF_NOTE}`, `obj ${NOTE}`, /content/],
  ["no body", `UPDATE obj SET body = NULL WHERE ${OF_NOTE}`, `obj ${NOTE}`, /./],
  [
    "a body's hash",
    `UPDATE obj SET ${FLIP("body_hash", 2)} WHERE ${OF_NOTE}`,
    `obj ${NOTE}`,
    /hash/,
  ],
  ["a name", `UPDATE obj SET name = 'x' WHERE ${OF_NOTE}`, `obj ${NOTE}`, /name/],
  ["a deletion", `UPDATE obj SET deleted = 1 WHERE ${OF_NOTE}`, `obj ${NOTE}`, /deletion/],
  ["a type", `UPDATE obj SET type = 'tag' WHERE ${OF_NOTE}`, `obj ${NOTE}`, /type/],
  ["the newest change", `UPDATE obj SET changed = 1 WHERE ${OF_NOTE}`, `obj ${NOTE}`, /newest/],
  ["a lost object", "DELETE FROM obj WHERE name = 'b'", "rev lsn=2", /object .* is missing/],
  ["a snapshot", "UPDATE snap SET body = '{}'", `obj ${NOTE}`, /kept content/],
  ["a snapshot of nothing", "UPDATE snap SET lsn = 999", "snap lsn=999", /nothing/],
  ["a head too many", "INSERT INTO head VALUES (1, 1)", "head lsn=1", /nothing/],
  ["a type of value", "UPDATE rev SET id = 7 WHERE lsn = 9", "rev lsn=9", /id/],
  ["an object without id", "UPDATE obj SET uuid = 7 WHERE name = 'b'", "obj without an id", /id/],
  ["the instance", `UPDATE meta SET value = '${OTHER}' WHERE key = 'instance'`, "meta seq", /log/],
  ["the epoch", "UPDATE meta SET value = 'x' WHERE key = 'epoch'", "meta epoch", /UUID/],
  ["the instance's name", "UPDATE meta SET value = 'x' WHERE key = 'name'", "meta", /seal/],
  ["a name of another kind", "UPDATE meta SET value = 7 WHERE key = 'name'", "meta name", /name/],
  ["the own number", "UPDATE meta SET value = 99 WHERE key = 'seq'", "meta seq", /99/],
  ["no number", "UPDATE meta SET value = 'x' WHERE key = 'seq'", "meta seq", /number/],
  ["the clock", "UPDATE meta SET value = value + 1 WHERE key = 'hlc'", "meta", /seal/],
  ["a lost clock", "DELETE FROM meta WHERE key = 'hlc'", "meta", /without the other/],
  ["a link", "UPDATE link SET document = replace(document, '7300', '7301')", "link hq", /sum/],
  ["a link's name", "UPDATE link SET name = 'x'", "link x", /sum/],
  ["a run", "UPDATE run SET document = replace(document, 'ok', 'no')", "run 1", /sum/],
  ["a cursor", "UPDATE cursor SET ladder = replace(ladder, '7', '8')", "cursor all", /sum/],
  ["a peer", `UPDATE peer SET uuid = '${OTHER}'`, "cursor all", /sum/],
  ["no peer", "UPDATE peer SET uuid = 'x'", "peer id=1", /UUID/],
  ["a lost peer", "DELETE FROM peer", "peer id=1", /is missing; rev names it/],
  ["a reason", "UPDATE quarantine SET code = 'OTHER'", /^quarantine /, /sum/],
  ["a lost index", "DROP INDEX rev_id", "index rev_id", /missing/],
  ["an index too many", "CREATE INDEX odd ON rev (gen)", "index odd", /none/],
  ["a format", "DELETE FROM migration WHERE version = 1", "migration", /versions 1 to/],
  ["quarantined bytes", "UPDATE quarantine SET bytes = X'00'", /^quarantine /, /hash/],
];

describe("verify names the row", () => {
  test.each(DAMAGES)("%s", (_, sql, where, message) => {
    const found = findings(damaged(sql));
    expect(found).toContainEqual({
      where: typeof where === "string" ? where : expect.stringMatching(where),
      message: expect.stringMatching(message),
    });
    // Damage to one row is not reported all over the file.
    expect(found.length).toBeLessThanOrEqual(sql.startsWith("DELETE FROM rev") ? 80 : 8);
  });

  test("and goes on after a row that it cannot read", () => {
    const wheres = findings(
      damaged(
        "UPDATE changeset SET uuid = 7 WHERE id = 2",
        `UPDATE changeset SET ${FLIP("record", 200)} WHERE id = 3`,
        "UPDATE obj SET uuid = x'00' WHERE name = 'a'",
        "UPDATE obj SET name = 'x' WHERE name = 'b'",
      ),
    ).map(({ where }) => where);
    expect(wheres).toEqual(expect.arrayContaining(["obj without an id", `obj ${OTHER}`]));
    const changesets = wheres.filter((where) => where.startsWith("changeset "));
    expect(new Set(changesets).size).toBe(2);
  });

  test("a byte flipped in the file itself", () => {
    const file = newFile();
    copyFileSync(whole, file);
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"path":"/n","value":"33"');
    expect(at).toBeGreaterThan(0);
    bytes[at + 20] = 0x39;
    writeFileSync(file, bytes);
    expect(findings(file)).toContainEqual({
      where: expect.stringMatching(/^rev lsn=\d+$/),
      message: "the record does not have its stored hash",
    });
  });

  test("a page of garbage", () => {
    const file = newFile();
    copyFileSync(whole, file);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 5 * 16_384, 6 * 16_384);
    writeFileSync(file, bytes);
    expect(findings(file)).toContainEqual({
      where: "database file",
      message: expect.stringMatching(/\w/),
    });
  });

  test("not more findings than anybody reads", () => {
    const file = newFile();
    const store = SqliteStore.create(file, { identity: identity(1), ...ports });
    const changes = Array.from({ length: 1500 }, (_, i) => put(uuid<ObjectId>(i), { name: "a" }));
    store.author(command(...changes));
    store.close();
    const db = new Database(file);
    db.exec("UPDATE rev SET hash = X'00'");
    db.close();
    const found = findings(file);
    expect(found).toHaveLength(1001);
    expect(found.at(-1)?.message).toMatch(/^and \d+ more/);
  });
});

/** Every reading method, and what writing needs to read. */
function readings(store: SqliteStore): readonly (() => unknown)[] {
  const newest = (): RevisionId => {
    return store.entries({ limit: 1, reverse: true })[0]?.id ?? uuid<RevisionId>(9);
  };
  return [
    () => store.identity(),
    () => store.head(),
    () => store.chainAt(9),
    () => store.readPage(0, EVERYTHING),
    () => store.entries({ limit: 1000 }),
    () => store.entries({ limit: 1000, object: NOTE }),
    () => store.entry(newest()),
    () => store.contentTextAt(newest()),
    () => store.positionOf({ hlc: 5 }),
    () => store.positionOf({ id: newest() }),
    () => [NOTE, OTHER, TWICE].map((id) => store.object(id)),
    () => store.objects({ limit: 100, includeDeleted: true }),
    () => store.counts(),
    () => store.digest(),
    () => store.cursor(identity(2).instance, "all"),
    () => store.links(),
    () => store.runs({ limit: 10 }),
    () => store.objectsReceived(identity(2).instance, [[0, 9]]),
    () => store.quarantine(),
    () => store.verify(),
    () => store.author(command(setField(NOTE, "n", "new"))),
    () => store.author(command(setField(TWICE, "n", "new"))),
    () => store.apply(from(null, Buffer.from("more junk\n"))),
  ];
}

/** Runs a reading; true when it failed as it may. */
function failsProperly(reading: () => unknown): boolean {
  try {
    reading();
    return false;
  } catch (error) {
    if (error instanceof SynclineError && error.code !== "INTERNAL") return true;
    throw error;
  }
}

describe("reading what is damaged", () => {
  test.each(DAMAGES)("fails properly or not at all: %s", (_, sql) => {
    const store = open(damaged(sql));
    for (const reading of readings(store)) failsProperly(reading);
    store.close();
  });

  test("fails properly or not at all: bytes flipped anywhere", () => {
    const random = new TestRandom(5);
    const original = readFileSync(whole);
    let failures = 0;
    for (let round = 0; round < 40; round++) {
      const file = newFile();
      const bytes = Buffer.from(original);
      for (let flips = 0; flips < 40; flips++) {
        const [a, b, c, value] = random.bytes(4) as unknown as [number, number, number, number];
        bytes[((a << 16) | (b << 8) | c) % bytes.length] = value;
      }
      writeFileSync(file, bytes);
      let store: SqliteStore | undefined;
      if (failsProperly(() => (store = open(file)))) failures += 1;
      if (store === undefined) continue;
      for (const reading of readings(store)) if (failsProperly(reading)) failures += 1;
      store.close();
    }
    // The test would prove nothing if the damage were never met.
    expect(failures).toBeGreaterThan(10);
  });

  test("tells that the tables are not those of a catalog, and leaves nothing open", () => {
    const file = damaged("ALTER TABLE quarantine RENAME COLUMN message TO massage");
    expect(() => open(file)).toThrow(
      expect.objectContaining({ code: "STORE_CORRUPT", where: file, hint: expect.any(String) }),
    );
    // The last connection to go takes the write-ahead log away.
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  test("tells that a received record is fine and the store is not", () => {
    const store = open(damaged(`UPDATE obj SET body = 'x' WHERE ${OF_NOTE}`));
    expect(() => store.author(command(setField(NOTE, "n", "new")))).toThrow(
      expect.objectContaining({ code: "STORE_CORRUPT", where: `obj ${NOTE}` }),
    );
    expect(store.head().lsn).toBe(75);
    store.close();
  });
});
