// Proves that a power cut at any write of a first sync leaves a file that opens, is sound, and holds what
// was committed and nothing else: the file and every part of its write-ahead log are taken as they
// are on disk at that moment, also with the last write torn, and the sync goes on from there.
import { copyFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, identity, memoryStore, put, setField, testPorts } from "./helpers.ts";
import { cutOff, lengthsOf } from "./power-cut.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const PACKAGES = 24;
const PAGE = { revisions: 3, bytes: 100_000 };
const ports = testPorts(1);

/** A source with packages, edits and a deletion. (For more, see the next file.) */
function someSource(): MemoryStore {
  const source = memoryStore(9);
  for (let number = 1; number <= PACKAGES; number++) {
    const text = `Package ${number}. `.repeat(60);
    source.author(command(put(uuid<ObjectId>(number), { name: `p-${number}`, notes: text })));
  }
  for (let number = 1; number <= PACKAGES; number += 3) {
    source.author(command(setField(uuid<ObjectId>(number), "title", `Edited ${number}`)));
  }
  source.author(command({ kind: "delete", object: uuid<ObjectId>(5) }));
  return source;
}

/** Applies the rest of a source's log, page by page. */
async function follow(
  store: Store,
  source: MemoryStore,
  committed: () => Promise<void> | void = () => {},
): Promise<void> {
  const peer = source.identity();
  const scope = "0".repeat(32);
  for (;;) {
    const rung = (await store.cursor(peer.instance, scope))?.ladder[0];
    const after = { lsn: rung?.lsn ?? 0, chain: rung?.chain ?? "0".repeat(32) };
    const page = source.readPage(after.lsn, PAGE);
    if (page === undefined) return;
    const chain = Buffer.from(page.chain).toString("hex");
    const cursor = { scope, after, rung: { epoch: peer.epoch, lsn: page.to, chain } };
    await store.apply({ source: peer.instance, bytes: page.bytes, cursor });
    await committed();
  }
}

/** What a store says of itself. */
async function stateOf(store: Store): Promise<string> {
  const { lsn, chain } = await store.head();
  return `${lsn} ${Buffer.from(chain).toString("hex")} ${await store.digest()}`;
}

/** A sync into a file, with what is on disk in the end and what was committed on the way. */
async function recorded(source: MemoryStore) {
  const file = newFile();
  SqliteStore.create(file, { identity: identity(1), ...ports }).close();
  const store = SqliteStore.open(file, { mode: "write", ...ports });
  const states = [await stateOf(store)];
  await follow(store, source, async () => void states.push(await stateOf(store)));
  const [db, wal] = [readFileSync(file), readFileSync(`${file}-wal`)];
  store.close();
  return { db, wal, states };
}

test("a power cut at every write of a sync", async () => {
  const source = someSource();
  const { db, wal, states } = await recorded(source);
  const reached = new Set<number>();
  let last = 0;
  for (const { length, isTorn } of lengthsOf(wal)) {
    const store = SqliteStore.open(cutOff(db, wal.subarray(0, length)), {
      mode: "write",
      ...ports,
    });
    const at = states.indexOf(await stateOf(store));
    expect(at, `after ${length} bytes`).toBeGreaterThanOrEqual(isTorn ? 0 : last);
    if (!reached.has(at)) {
      expect(store.verify().findings).toEqual([]);
      await follow(store, source);
      expect(await stateOf(store)).toBe(states.at(-1));
    }
    reached.add(at);
    last = Math.max(last, at);
    store.close();
  }
  // Each commit was met as the newest one.
  expect([...reached].sort((a, b) => a - b)).toEqual(states.map((_, at) => at));
}, 120_000);

test("a power cut while the log is written back into the file", async () => {
  const source = someSource();
  const { db, wal, states } = await recorded(source);
  const whole = cutOff(db, wal);
  const raw = new Database(whole);
  raw.pragma("wal_checkpoint(PASSIVE)");
  const after = readFileSync(whole);
  raw.close();
  const page = wal.readUInt32BE(8);
  for (let pages = 1; pages * page <= after.length; pages += 2) {
    // Some pages are written back, in no particular order; the log is still whole.
    const mixed = Buffer.from(after);
    for (let at = 0; at * page < db.length; at++) {
      if ((at * 31) % pages !== 0) db.copy(mixed, at * page, at * page, (at + 1) * page);
    }
    const store = SqliteStore.open(cutOff(mixed, wal), { mode: "write", ...ports });
    expect(await stateOf(store)).toBe(states.at(-1));
    expect(store.verify().findings).toEqual([]);
    store.close();
  }
}, 60_000);

test("the copy that is taken is the file's own: with a byte of it changed, it is noticed", async () => {
  const { db, wal, states } = await recorded(someSource());
  const file = cutOff(db, wal);
  copyFileSync(file, join(dirname(file), "before.db"));
  const raw = new Database(file);
  raw.pragma("wal_checkpoint(TRUNCATE)");
  raw.prepare("UPDATE rev SET chain = zeroblob(16) WHERE lsn = 3").run();
  raw.close();
  const store = SqliteStore.open(file, { mode: "write", ...ports });
  expect(store.verify().findings).not.toEqual([]);
  expect(states).toContain(await stateOf(store));
  store.close();
});
