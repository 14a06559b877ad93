// Proves that a power cut at any write of an instance at work leaves files that open, are sound, and go
// on: people edit, sessions bring edits, merges with conflicts and purges, links and runs are written
// down, and the search index follows. What was committed is there, and what was not is not.
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../src/base/limits.ts";
import type { Change } from "../../src/log/author.ts";
import { MemorySearch } from "../../src/search/memory/memory-search.ts";
import { SqliteSearch } from "../../src/search/sqlite/sqlite-search.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { STORE_METHODS, type Store } from "../../src/store/store.ts";
import { both } from "../sync/both.ts";
import { copyOf, memoryStore, uuidFor } from "../sync/world.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { identity, testPorts } from "./helpers.ts";
import { type Cut, cutOff, lengthsOf } from "./power-cut.ts";

removeFoldersAfterwards();

/** `npm run test:long` looks at every write; `npm test` at those that end a commit, and some between. */
const IS_LONG = Number(process.env.HISTORIES ?? 1) > 1;
const EVERY = IS_LONG ? 1 : 5;
const ROUNDS = IS_LONG ? 6 : 1;
const SYNCS_PER_ROUND = 4;
/** Edits, batches, and what each session writes down of itself. */
const COMMITS_MIN = 14 * ROUNDS;
const TIMEOUT_MS = 600_000;
const ports = testPorts(1);

function packageId(number: number): ObjectId {
  return uuidFor(`package ${number}`) as ObjectId;
}

async function does(store: Store, ...changes: readonly Change[]): Promise<void> {
  await store.author({ author: "ann", message: "", changes });
}

function create(number: number, notes: string): Change {
  const content = { name: `package-${number}`, title: `P ${number}`, notes };
  return { kind: "put", object: packageId(number), type: "package", content, mode: "create" };
}

function set(number: number, value: { readonly [field: string]: string }): Change {
  return { kind: "set", object: packageId(number), value };
}

/** Decides the oldest conflict that is open. */
async function decides(store: Store): Promise<void> {
  const [conflict] = await store.conflicts({ status: "open", limit: PAGE_ITEMS_MAX });
  if (conflict === undefined) throw new Error("no conflict to decide");
  const { id, path, object } = conflict;
  await does(store, {
    kind: "resolve",
    object,
    resolutions: [{ conflict: id, path, value: "decided" }],
  });
}

/** What people do on both sides, with syncs between: edits, merges, decisions and purges. */
async function work(store: Store, peer: MemoryStore, round: number): Promise<void> {
  const [one, two, three, four] = [1, 2, 3, 4].map((n) => 10 * round + n) as [
    number,
    ...[number, number, number],
  ];
  await does(store, create(one, "water"), create(two, "harbor"));
  await does(peer, create(three, "bridge"), create(four, "road"));
  await both(store, peer);
  await does(store, set(one, { title: "here" }), set(three, { title: "mine" }));
  await does(store, { kind: "delete", object: packageId(two) });
  await does(peer, set(one, { title: "there" }), set(three, { title: "theirs" }));
  await does(peer, set(two, { title: "still used" }));
  await both(store, peer);
  await decides(store);
  await does(peer, { kind: "purge", object: packageId(four), reason: "" });
  await both(store, peer);
  await does(store, { kind: "purge", object: packageId(one), reason: "" });
  await both(store, peer);
}

/** What a store holds, as far as anybody can see. */
async function stateOf(store: Store): Promise<string> {
  const { lsn, chain } = await store.head();
  const some = { limit: PAGE_ITEMS_MAX };
  const seen = [
    ...[lsn, Buffer.from(chain).toString("hex"), await store.digest()],
    ...[await store.conflicts(some), await store.links(), await store.runs(some)],
    ...[await store.peers(), await store.quarantine(), await store.continuity()],
  ];
  return JSON.stringify(seen);
}

/** What was there after a commit. */
interface Committed {
  readonly state: string;
  /** The peer at that moment, and how much of the index was written. */
  readonly peer: MemoryStore;
  readonly indexed: number;
}

interface Files {
  readonly db: Buffer;
  readonly wal: Buffer;
}

interface Recorded {
  readonly catalog: Files;
  readonly index: Files;
  readonly commits: readonly Committed[];
}

function filesOf(file: string): Files {
  return { db: readFileSync(file), wal: readFileSync(`${file}-wal`) };
}

function walBytes(file: string): number {
  return statSync(`${file}-wal`).size;
}

/** Somebody who looks at a file as it is now keeps its write-ahead log whole from here on. */
function looker(file: string): Database.Database {
  const reader = new Database(file);
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM sqlite_master").get();
  return reader;
}

/** A store that calls `changed` after each call that wrote something. */
function watched(store: SqliteStore, file: string, changed: () => Promise<void>): Store {
  let bytes = walBytes(file);
  return new Proxy<Store>(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (!STORE_METHODS.includes(name as never)) return method.bind(target);
      return async (...args: unknown[]) => {
        const result = await method.apply(target, args);
        if (walBytes(file) > bytes) {
          bytes = walBytes(file);
          await changed();
        }
        return result;
      };
    },
  });
}

function openIndex(file: string, reader: SqliteStore): SqliteSearch {
  const search = join(dirname(file), "search.db");
  return new SqliteSearch({
    ...{ file: search, catalogFile: file, source: reader },
    ...{ mode: "write", thread: "none" },
  });
}

/** An instance at work, with all that was written from some moment on, in order. */
async function recorded(): Promise<Recorded> {
  const file = newFile();
  const search = join(dirname(file), "search.db");
  SqliteStore.create(file, { identity: identity(1), ...ports }).close();
  const store = SqliteStore.open(file, { mode: "write", ...ports });
  const reader = SqliteStore.open(file, { mode: "read", ...ports });
  const index = openIndex(file, reader);
  index.advance(1);
  await index.covers(0);
  await does(store, create(0, "the first"));
  index.advance((await store.head()).lsn);
  await index.covers((await store.head()).lsn);
  const lookers = [looker(file), looker(search)];
  const peer = memoryStore("peer");
  const commits: Committed[] = [];
  const note = async (): Promise<void> => {
    const { lsn } = store.head();
    index.advance(lsn);
    await index.covers(lsn);
    const at = { peer: copyOf(peer, `peer ${commits.length}`), indexed: walBytes(search) };
    commits.push({ ...at, state: await stateOf(store) });
  };
  await note();
  const whole = watched(store, file, note);
  for (let round = 1; round <= ROUNDS; round++) await work(whole, peer, round);
  const made = { catalog: filesOf(file), index: filesOf(search), commits };
  for (const one of lookers) one.close();
  await index.close();
  for (const one of [reader, store]) one.close();
  return made;
}

/** What nobody looks at in each run: most of what lies between two commits. */
function looksAt({ isCommit }: Cut, number: number): boolean {
  return isCommit || number % EVERY === 0;
}

/** The index covers what the catalog holds, and finds it. */
async function expectFound(store: SqliteStore, index: SqliteSearch): Promise<void> {
  const { lsn } = store.head();
  index.advance(lsn);
  await index.covers(lsn);
  expect(await index.verify()).toEqual([]);
  const scan = new MemorySearch(store);
  for (const text of ["water", "harbor", "decided", "still used", ""]) {
    const query = { text, state: "any", limit: PAGE_ITEMS_MAX } as const;
    const [found, wanted] = [await index.query(query), await scan.query(query)];
    const ids = ({ hits }: typeof found): readonly string[] => hits.map(({ id }) => id).sort();
    expect(ids(found)).toEqual(ids(wanted));
  }
}

/** The store is sound, goes on with a sync, and both sides come to the same. */
async function expectGoesOn(store: SqliteStore, file: string, { peer }: Committed) {
  expect(store.verify().findings).toEqual([]);
  const other = copyOf(peer, "again");
  await both(store, other);
  await does(store, create(99, "after"));
  await both(store, other);
  expect(await store.digest()).toBe(other.digest());
  const some = { limit: PAGE_ITEMS_MAX };
  expect(await store.conflicts(some)).toEqual(await other.conflicts(some));
  expect(store.verify().findings).toEqual([]);
  const reader = SqliteStore.open(file, { mode: "read", ...ports });
  const index = openIndex(file, reader);
  await expectFound(store, index);
  await index.close();
  reader.close();
}

test(
  "at any write of the catalog",
  async () => {
    const { catalog, index, commits } = await recorded();
    const states = commits.map(({ state }) => state);
    const reached = new Set<string>();
    let last = 0;
    for (const cut of lengthsOf(catalog.wal).filter(looksAt)) {
      const file = cutOff(catalog.db, catalog.wal.subarray(0, cut.length));
      const store = SqliteStore.open(file, { mode: "write", ...ports });
      const state = await stateOf(store);
      const at = states.indexOf(state, cut.isTorn ? 0 : last);
      if (at < 0 && reached.size === 0) {
        // From before the recording began.
        store.close();
        continue;
      }
      expect(at, `after ${cut.length} bytes`).toBeGreaterThanOrEqual(0);
      if (!reached.has(state)) {
        const committed = commits[at] as Committed;
        const written = index.wal.subarray(0, committed.indexed);
        cutOff(index.db, written, join(dirname(file), "search.db"));
        await expectGoesOn(store, file, committed);
      }
      reached.add(state);
      last = Math.max(last, at);
      store.close();
    }
    // Each commit was met as the newest one, and all kinds of things were committed.
    expect(reached).toEqual(new Set(states));
    expect(reached.size).toBeGreaterThan(COMMITS_MIN);
    const [, , , conflicts, links, runs] = JSON.parse(states.at(-1) as string) as unknown[][];
    expect(conflicts).not.toEqual([]);
    expect(links).toHaveLength(1);
    expect(runs).toHaveLength(SYNCS_PER_ROUND * ROUNDS);
  },
  TIMEOUT_MS,
);

test(
  "at any write of the search index",
  async () => {
    const { catalog, index } = await recorded();
    for (const cut of lengthsOf(index.wal).filter(looksAt)) {
      const file = cutOff(catalog.db, catalog.wal);
      cutOff(index.db, index.wal.subarray(0, cut.length), join(dirname(file), "search.db"));
      const [store, reader] = (["write", "read"] as const).map((mode) => {
        return SqliteStore.open(file, { mode, ...ports });
      }) as [SqliteStore, SqliteStore];
      const opened = openIndex(file, reader);
      await expectFound(store, opened);
      await opened.close();
      for (const one of [reader, store]) one.close();
    }
  },
  TIMEOUT_MS,
);
