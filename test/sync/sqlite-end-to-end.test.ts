// Proves that a sync does over SQLite, in this thread and behind a worker, what it does in memory:
// goes on after a cut, sets a cursor back, and costs one round trip when there is nothing to do.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Identity } from "../../src/store/rows.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { WorkerStore } from "../../src/store/sqlite/worker-store.ts";
import type { Store } from "../../src/store/store.ts";
import {
  addPackages,
  memoryStore,
  range,
  restored,
  retitle,
  seededRandom,
  syncOnce,
  tickingClock,
} from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "syncline-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const identity: Identity = memoryStore("target").identity();

test.each<[string, () => Store | Promise<Store>]>([
  [
    "in this thread",
    () =>
      SqliteStore.create(join(folder, "here.db"), {
        identity,
        clock: tickingClock(),
        random: seededRandom("sqlite"),
      }),
  ],
  ["behind a worker", () => WorkerStore.create(join(folder, "worker.db"), identity)],
])("SQLite %s", async (_name, open) => {
  const source = memoryStore("source");
  await addPackages(source, range(0, 400), { bytes: 8000 });
  const target = await open();
  const cut = await syncOnce(target, source, "pull", { cutAfterFrames: 9 });
  expect(cut.dialer.outcome).toBe("interrupted");
  const there = cut.dialer.received.revisions;
  expect(there).toBeGreaterThan(0);

  const rest = await syncOnce(target, source, "pull");
  expect(rest.dialer).toMatchObject({ outcome: "ok", received: { revisions: 400 - there } });
  expect(await target.digest()).toBe(source.digest());
  expect((await syncOnce(target, source, "pull")).frames).toEqual([">hello", "<welcome"]);

  await retitle(target, 3, "pushed");
  const pushed = await syncOnce(target, source, "push");
  expect(pushed.dialer).toMatchObject({ outcome: "ok", sent: { revisions: 1, objects: 1 } });
  expect(await target.digest()).toBe(source.digest());

  const back = await restored(source, "source", { upTo: 100, epoch: "second" });
  const behind = await syncOnce(target, back, "pull");
  expect(behind.dialer.cursor).toEqual({ lsn: 100, head: 100 });
  expect((await syncOnce(target, back, "pull")).frames).toEqual([">hello", "<welcome"]);
  await target.close();
});
