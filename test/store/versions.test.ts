// Proves what a store does when the program that opens it knows more, or less, than the one before:
// what waited is derived as if it had been known all along, also where not even its content was known;
// what is not known any more waits; and what is right in neither waits on.
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { type Edition, THIS_EDITION } from "../../src/log/edition.ts";
import type { Algorithm } from "../../src/merge/algorithm.ts";
import { ALGORITHMS } from "../../src/merge/algorithms.ts";
import { ALGORITHM_2, LATEST } from "../../src/scenario/world/editions.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { command, expectError, from, identity, setField, testPorts, transfer } from "./helpers.ts";
import { Author, batchOf, type Made, uuid } from "./records.ts";

const NOTE = uuid<ObjectId>(1);

const first = ALGORITHMS.get(1) as Algorithm;

/** An algorithm by which joined work is marked: no older one leads to that content. */
const MARKING: Edition = {
  ...THIS_EDITION,
  algorithms: new Map([
    ...ALGORITHMS,
    [
      2,
      {
        ...first,
        contentAfter: (graph, record) => ({ ...first.contentAfter(graph, record), joined: true }),
      },
    ],
  ]),
};

/** A program that reads a newer format of records, too. */
const RECORDS_2: Edition = { ...THIS_EDITION, records: 2 };

type Local = MemoryStore | SqliteStore;

/** A store that can be opened again by another version of the program. */
type Reopen = (edition: Edition) => Local;

function inMemory(): Reopen {
  let store: MemoryStore | undefined;
  return (edition) => {
    store = new MemoryStore({ identity: identity(1), ...testPorts(1), edition }, store);
    return store;
  };
}

function inFile(): Reopen {
  const file = join(temporaryFolder({}), "catalog.db");
  let store: SqliteStore | undefined;
  onTestFinished(() => store?.close());
  return (edition) => {
    const ports = { ...testPorts(1), edition };
    store?.close();
    store =
      store === undefined
        ? SqliteStore.create(file, { identity: identity(1), ...ports })
        : SqliteStore.open(file, { mode: "write", ...ports });
    return store;
  };
}

/** The same records in a store that always was of that version. */
async function allAlong(store: Local, edition: Edition): Promise<MemoryStore> {
  const fresh = new MemoryStore({ identity: identity(9), ...testPorts(9), edition });
  await transfer(store, fresh);
  return fresh;
}

async function expectAsAllAlong(store: Local, edition: Edition): Promise<void> {
  const fresh = await allAlong(store, edition);
  expect(store.digest()).toBe(fresh.digest());
  expect(store.conflicts({ limit: 50 })).toEqual(fresh.conflicts({ limit: 50 }));
  expect(store.counts()).toEqual(fresh.counts());
  expect(store.verify().findings).toEqual([]);
}

/** Two who edit one object at once, the second by the newer algorithm, and one who joins them by it. */
function joinedWork() {
  const ana = new Author(1);
  const changeset = ana.changeset();
  const made = ana.create(NOTE, { name: "a" }, changeset);
  const left = ana.set(made, { title: "left" }, changeset);
  const right = ana.set(made, { notes: "right" }, changeset, { algorithm: 2 });
  const content: JsonObject = { name: "a", title: "left", notes: "right", last: 1, joined: true };
  const fields = { algorithm: 2, parents: [left.id, right.id].sort() as unknown as Json };
  const patch = [{ op: "add", path: "/last", value: 1 }];
  const join = ana.revise(left, patch, content, changeset, fields);
  const after = ana.set(join, { last: 2 }, changeset, { algorithm: 2 });
  return { changeset, made, left, right, join, after };
}

function take(store: Local, ...records: readonly Made[]): void {
  expect(store.apply(from(null, batchOf(...records))).refused).toEqual([]);
}

describe.each([
  ["in memory", inMemory],
  ["in a file", inFile],
])("%s", (_, place) => {
  test("an object that waits is merged by the newer rules once they are known", async () => {
    const reopen = place();
    const { changeset, made, left, right } = joinedWork();
    take(reopen(THIS_EDITION), changeset, made, left, right);
    const store = reopen(ALGORITHM_2);
    expect(store.object(NOTE)).toMatchObject({
      ...{ parked: false, text: '{"name":"a","notes":"right","title":"left"}' },
    });
    await expectAsAllAlong(store, ALGORITHM_2);
    store.author(command(setField(NOTE, "title", "on")));
    expect(store.object(NOTE)?.heads).toHaveLength(1);
    await expectAsAllAlong(store, ALGORITHM_2);
  });

  test("what not even the content was known of is known, and can be built on", async () => {
    const reopen = place();
    const { changeset, made, left, right, join, after } = joinedWork();
    const old = reopen(THIS_EDITION);
    take(old, changeset, made, left, right, join, after);
    expect(old.object(NOTE)).toMatchObject({ parked: true, revision: right.id });
    await expectError(() => old.contentTextAt(after.id), "OBJECT_PARKED");
    const store = reopen(MARKING);
    expect(store.object(NOTE)).toMatchObject({ parked: false, revision: after.id });
    expect(JSON.parse(store.contentTextAt(join.id))).toEqual(join.content);
    expect(JSON.parse(store.contentTextAt(after.id))).toMatchObject({ last: 2, joined: true });
    await expectAsAllAlong(store, MARKING);
    store.author(command(setField(NOTE, "title", "on")));
    expect(store.verify().findings).toEqual([]);
  });

  test("what no version leads to waits on, and is still handed on", async () => {
    const reopen = place();
    const { changeset, made, left, right, join } = joinedWork();
    take(reopen(THIS_EDITION), changeset, made, left, right, join);
    const store = reopen(ALGORITHM_2);
    expect(store.object(NOTE)).toMatchObject({ parked: true, heads: [join.id] });
    await expectError(() => store.author(command(setField(NOTE, "title", "on"))), "OBJECT_PARKED");
    expect(store.entry(join.id)?.text).toBe(join.text);
  });

  test("what a newer program left waits for it again, and comes back unchanged", async () => {
    const reopen = place();
    const { changeset, made, left, right, join, after } = joinedWork();
    const newer = reopen(MARKING);
    take(newer, changeset, made, left, right, join, after);
    const digest = newer.digest();
    const older = reopen(THIS_EDITION);
    expect(older.object(NOTE)).toMatchObject({ parked: true });
    expect(older.verify().findings).toEqual([]);
    await expectError(() => older.author(command(setField(NOTE, "title", "x"))), "OBJECT_PARKED");
    expect(reopen(MARKING).digest()).toBe(digest);
    await expectAsAllAlong(reopen(MARKING), MARKING);
  });

  test("what could not be read is taken once it can be, with what waited for it", async () => {
    const reopen = place();
    const ana = new Author(1);
    const changeset = ana.changeset({ v: 2 });
    const made = ana.create(NOTE, { name: "a" }, changeset, { v: 2 });
    const later = ana.set(made, { title: "b" }, changeset);
    const never = ana.create(uuid<ObjectId>(2), { name: "x" }, changeset, { v: 3 });
    const old = reopen(THIS_EDITION);
    const { refused } = old.apply(from(null, batchOf(changeset, made, later, never)));
    expect(refused).toHaveLength(4);
    expect(reopen(LATEST).counts()).toMatchObject({ revisions: 0, quarantined: 4 });
    const store = reopen(RECORDS_2);
    expect(store.quarantine().map(({ id }) => id)).toEqual([never.id]);
    expect(store.object(NOTE)).toMatchObject({ text: '{"name":"a","title":"b"}' });
    expect(store.entry(made.id)?.text).toBe(made.text);
    store.author(command(setField(NOTE, "title", "on")));
    const again = reopen(RECORDS_2);
    again.dropQuarantined(again.quarantine().map(({ key }) => key));
    await expectAsAllAlong(again, RECORDS_2);
  });

  test("a program of the same age finds nothing to do", () => {
    const reopen = place();
    const { changeset, made, left, right } = joinedWork();
    take(reopen(THIS_EDITION), changeset, made, left, right);
    const [once, again] = [reopen(THIS_EDITION).digest(), reopen(THIS_EDITION).digest()];
    expect(again).toBe(once);
    expect(reopen(LATEST).digest()).toBe(reopen(LATEST).digest());
  });
});
