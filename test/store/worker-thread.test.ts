// Proves what the thread adds to the SQLite store: edits overtake waiting batches, errors cross
// whole, large batches are handed over, and the end of the thread leaves no call unanswered.
import { writeFileSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { type AsyncStore, WorkerStore } from "../../src/store/sqlite/worker-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, expectError, identity, put, setField, testPorts } from "./helpers.ts";
import { Author, batchOf, cursorAt, uuid } from "./records.ts";

removeFoldersAfterwards();

const NOTE = uuid<ObjectId>(1);
const started: Worker[] = [];

vi.mock("node:worker_threads", async (original) => {
  const threads = await original<typeof import("node:worker_threads")>();
  class Watched extends threads.Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      started.push(this);
    }
  }
  return { ...threads, Worker: Watched };
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.terminate()));
});

function create(): Promise<AsyncStore> {
  return WorkerStore.create(newFile(), identity(1));
}

/** A batch of its own memory with so many creations. */
function batchFrom(peer: Author, count: number): Uint8Array {
  const changeset = peer.changeset();
  const notes = Array.from({ length: count }, () =>
    peer.create(
      uuid<ObjectId>(1e9 + (peer.hlc % 1e9)),
      { name: "a", notes: "x".repeat(500) },
      changeset,
    ),
  );
  return Uint8Array.from(batchOf(changeset, ...notes));
}

describe("order", () => {
  test("edits and reads overtake waiting batches, which stay in order", async () => {
    const store = await create();
    const peer = new Author(1);
    const done: string[] = [];
    const note = (what: string) => (value: unknown) => {
      done.push(what);
      return value;
    };
    // Made before the first is sent: the thread must not be done with one while the next is made.
    const made = Array.from({ length: 6 }, () => batchFrom(peer, 800));
    const batches = made.map((bytes, i) =>
      store.apply({ source: null, bytes, cursor: null }).then(note(`batch ${i}`)),
    );
    const edit = store.author(command(put(NOTE, { name: "a" }))).then(note("edit"));
    const read = store.head().then(note("read"));
    await Promise.all([...batches, edit, read]);
    expect(done.filter((what) => what.startsWith("batch"))).toEqual(
      batches.map((_, i) => `batch ${i}`),
    );
    // The first batch, on a busy machine the second, may have been begun before the edit arrived.
    expect(done.indexOf("edit")).toBeLessThanOrEqual(2);
    expect(done.indexOf("read")).toBeLessThanOrEqual(3);
    await store.close();
  });

  test("closing waits for everything that was asked before, backups too", async () => {
    const store = await create();
    const peer = new Author(1);
    const batches = Array.from({ length: 3 }, () =>
      store.apply({ source: null, bytes: batchFrom(peer, 100), cursor: null }),
    );
    const copy = newFile();
    const backup = store.backup(copy);
    const close = store.close();
    const outcomes = await Promise.all(batches);
    expect(outcomes.map(({ revisions }) => revisions)).toEqual([100, 100, 100]);
    await backup;
    await close;
    const opened = SqliteStore.open(copy, { mode: "read", ...testPorts(1) });
    expect(opened.verify().findings).toEqual([]);
    opened.close();
    await expectError(() => store.head(), "CLOSED");
    await expectError(() => store.close(), "CLOSED");
  });

  test("edits go on while a backup is taken", async () => {
    const store = await create();
    const peer = new Author(1);
    for (let i = 0; i < 4; i++) {
      await store.apply({ source: null, bytes: batchFrom(peer, 1000), cursor: null });
    }
    let backedUp = false;
    const file = newFile();
    const backup = store.backup(file).then(() => {
      backedUp = true;
    });
    await store.author(command(put(NOTE, { name: "a" })));
    expect(backedUp).toBe(false);
    await backup;
    const copy = SqliteStore.open(file, { mode: "read", ...testPorts(1) });
    expect(copy.verify().findings).toEqual([]);
    copy.close();
    await store.close();
  });
});

describe("errors", () => {
  test("keep code, message, place and hint over the thread", async () => {
    const store = await create();
    const local = SqliteStore.create(newFile(), { identity: identity(1), ...testPorts(1) });
    const both = [store, local];
    const calls: ((one: AsyncStore | SqliteStore) => unknown)[] = [
      (one) => one.author(command(setField(NOTE, "title", "x"))),
      (one) => one.author(command(put(NOTE, { name: "a" }), put(NOTE, { name: "b" }))),
      (one) => one.removeLink("none"),
      (one) => one.contentTextAt(uuid(9)),
      (one) => one.backup("/nowhere/at/all.db"),
    ];
    for (const call of calls) {
      const errors: SynclineError[] = [];
      for (const one of both) {
        try {
          await call(one);
        } catch (error) {
          errors.push(error as SynclineError);
        }
      }
      expect(errors).toHaveLength(2);
      expect(errors.every((error) => error instanceof SynclineError)).toBe(true);
      expect(errors[0]?.toJSON()).toEqual(errors[1]?.toJSON());
    }
    local.close();
    await store.close();
  });

  test("of opening reject, and end the thread", async () => {
    const file = newFile();
    writeFileSync(file, "x".repeat(5000));
    const error = await expectError(() => WorkerStore.open(file), "NOT_AN_INSTANCE");
    expect(error).toMatchObject({ where: file, hint: expect.stringMatching(/\w/) });
    await expectError(() => WorkerStore.create(file, identity(1)), "INSTANCE_EXISTS");
    await expectError(() => WorkerStore.open(newFile()), "NOT_AN_INSTANCE");
  });

  test("a call that cannot be sent fails alone", async () => {
    const store = await create();
    const bad = { name: "x", url: () => {} } as never;
    await expectError(() => store.saveLink(bad), "INTERNAL");
    expect((await store.head()).lsn).toBe(0);
    await store.close();
  });

  test("a thread that dies leaves no call unanswered", async () => {
    const store = await create();
    await store.author(command(put(NOTE, { name: "a" })));
    const peer = new Author(1);
    const calls = [
      store.apply({ source: null, bytes: batchFrom(peer, 1000), cursor: null }),
      store.author(command(setField(NOTE, "title", "x"))),
      store.digest(),
      store.close(),
    ];
    const settled = Promise.allSettled(calls);
    await started[0]?.terminate();
    for (const outcome of await settled) {
      if (outcome.status === "fulfilled") continue;
      expect(outcome.reason).toBeInstanceOf(SynclineError);
      expect(["INTERNAL", "CLOSED"]).toContain((outcome.reason as SynclineError).code);
    }
    await expectError(() => store.head(), "CLOSED");
  });

  test("a thread that dies without being asked says so", async () => {
    const file = newFile();
    const store = await WorkerStore.create(file, identity(1));
    await store.author(command(put(NOTE, { name: "a" })));
    const digest = await store.digest();
    const pending = store.digest();
    pending.catch(() => {});
    await started[0]?.terminate();
    const error = await expectError(() => store.head(), "INTERNAL");
    expect(error.hint).toMatch(/\w/);
    const reopened = await WorkerStore.open(file);
    expect(await reopened.digest()).toBe(digest);
    await reopened.close();
  });

  test("a thread that throws says what", async () => {
    const store = await create();
    const pending = store.digest();
    pending.catch(() => {});
    started[0]?.emit("error", new Error("out of memory"));
    const error = await expectError(() => store.head(), "INTERNAL");
    expect(error.message).toContain("out of memory");
  });
});

describe("batches", () => {
  test("large ones are handed over, small ones and parts of a buffer copied", async () => {
    const store = await create();
    const peer = new Author(1);
    const large = batchFrom(peer, 100);
    await store.apply({ source: null, bytes: large, cursor: null });
    expect(large.length).toBe(0);
    const small = batchFrom(peer, 2);
    await store.apply({ source: null, bytes: small, cursor: null });
    expect(small.length).toBeGreaterThan(0);
    const part = Buffer.concat([Buffer.from("\n\n"), batchFrom(peer, 100)]).subarray(2);
    const copy = Uint8Array.from(part);
    await store.apply({ source: null, bytes: part, cursor: null });
    expect(Uint8Array.from(part)).toEqual(copy);
    expect((await store.head()).lsn).toBe(202);
    await store.close();
  });

  test("one that was handed over before is no empty one that moves the cursor", async () => {
    const store = await create();
    const bytes = batchFrom(new Author(1), 100);
    const cursor = cursorAt("all", { epoch: "e", lsn: 5, chain: "00".repeat(16) });
    await store.apply({ source: null, bytes, cursor: null });
    await expectError(
      () => store.apply({ source: identity(2).instance, bytes, cursor }),
      "INTERNAL",
    );
    expect(await store.cursor(identity(2).instance, "all")).toBeUndefined();
    await store.close();
  });
});
