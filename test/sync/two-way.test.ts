// Proves what a link that carries both directions does, with the real session over memory
// connections: both sides end equal, nothing travels twice, and a quiet network is silent.
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { both, expectQuiet } from "./both.ts";
import { addPackages, memoryStore, range, restored, retitle, syncOnce, uuidFor } from "./world.ts";

const author = { author: "ana", message: "m" };

function purge(store: MemoryStore): void {
  const object = uuidFor("package 1") as ObjectId;
  store.author({ ...author, changes: [{ kind: "purge", object, reason: "r" }] });
}

function retitled(store: MemoryStore): Promise<void> {
  return retitle(store, 1, "later");
}

describe("a two-way link", () => {
  test("carries both directions in one session, and is silent after", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 30));
    await addPackages(b, range(30, 50));
    const { dialer, acceptor, frames } = await both(a, b);
    expect(dialer).toMatchObject({ received: { revisions: 20 }, sent: { revisions: 30 } });
    expect(acceptor).toMatchObject({ received: { revisions: 30 }, sent: { revisions: 20 } });
    expect(frames.filter((frame) => frame.endsWith("batch"))).toHaveLength(2);
    expect(a.digest()).toBe(b.digest());
    await expectQuiet(a, b);
  });

  test("sends nobody his own work back", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 30));
    await both(a, b);
    await addPackages(b, range(30, 31));
    await retitle(a, 3, "edited");
    const { dialer, acceptor } = await both(a, b);
    expect(dialer).toMatchObject({ received: { revisions: 1 }, sent: { revisions: 1 } });
    expect(acceptor).toMatchObject({ received: { revisions: 1 }, sent: { revisions: 1 } });
    expect(a.digest()).toBe(b.digest());
    await expectQuiet(a, b);
  });

  test("merges what both sides changed, once and alike", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 3));
    await both(a, b);
    await retitle(a, 1, "from a");
    await retitle(b, 1, "from b");
    const { dialer, acceptor } = await both(a, b);
    expect(dialer).toMatchObject({ merged: 1, conflicts: { new: 1, open: 1 } });
    expect(acceptor).toMatchObject({ merged: 1, conflicts: { new: 1, open: 1 } });
    expect(a.digest()).toBe(b.digest());
    const id = uuidFor("package 1") as ObjectId;
    expect(a.object(id)).toMatchObject({ revision: b.object(id)?.revision });
    expect(a.conflicts({ limit: 9 })).toEqual(b.conflicts({ limit: 9 }));
    await expectQuiet(a, b);
    expect(a.verify().findings).toEqual([]);
  });

  test("takes a purge to the other side, and edits made there do not bring the object back", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 3));
    await both(a, b);
    const id = uuidFor("package 1") as ObjectId;
    purge(a);
    await retitle(b, 1, "meanwhile");
    const { acceptor, frames } = await both(a, b);
    expect(acceptor.received.purges).toBe(1);
    expect(frames.indexOf(">purges")).toBeGreaterThan(0);
    expect([a.object(id), b.object(id)]).toEqual([undefined, undefined]);
    expect(a.digest()).toBe(b.digest());
    await expectQuiet(a, b);
    expect(b.verify().findings).toEqual([]);
  });

  test("sends a peer its own work if the peer lost it", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 20));
    await both(a, b);
    await addPackages(b, range(20, 40));
    await both(a, b);
    // The same instance, from before it had anything.
    const again = memoryStore("b", "later");
    await syncOnce(a, again, "both", { link: { peer: again.identity().instance } });
    expect(again.digest()).toBe(a.digest());
  });

  test.each([
    ["a purge", "dials", purge],
    ["a purge", "is dialed", purge],
    ["an edit", "dials", retitled],
    ["an edit", "is dialed", retitled],
  ] as const)("gives a restored instance its own work back: %s, and it %s", async (...row) => {
    const [, who, work] = row;
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 3));
    await both(a, b);
    // As a backup has it: with its cursors.
    const again = await restored(a, "a", { upTo: a.head().lsn, epoch: "epoch" });
    await both(again, b);
    await work(a);
    await both(a, b);
    const [dialer, acceptor] = who === "dials" ? [again, b] : [b, again];
    await both(dialer, acceptor);
    expect(again.digest()).toBe(a.digest());
    expect(b.digest()).toBe(a.digest());
    await expectQuiet(again, b);
  });

  test.each([3, 5])("a ring of %i comes to rest", async (size) => {
    const ring = Array.from({ length: size }, (_, at) => memoryStore(`ring ${at}`));
    const next = (at: number): MemoryStore => ring[(at + 1) % size] as MemoryStore;
    await addPackages(ring[0] as MemoryStore, range(0, 5));
    for (const [at, store] of ring.entries()) await both(store, next(at));
    for (const [at, store] of ring.entries()) await retitle(store, at % 5, `from ${at}`);
    for (let round = 0; round < size; round++) {
      for (const [at, store] of ring.entries()) await both(store, next(at));
    }
    expect(new Set(ring.map((store) => store.digest())).size).toBe(1);
    for (const [at, store] of ring.entries()) {
      const { frames } = await both(store, next(at));
      expect(frames.filter((frame) => frame.endsWith("batch"))).toEqual([]);
    }
    for (const [at, store] of ring.entries()) await expectQuiet(store, next(at));
  });
});

test("what waited for something that a peer brought is sent to that peer", async () => {
  const [b, c, d] = [memoryStore("b"), memoryStore("c"), memoryStore("d")];
  await addPackages(c, range(0, 1));
  await syncOnce(d, c, "pull");
  await retitle(d, 0, "from d");
  const page = d.readPage(1, { revisions: 9, bytes: 1e6 });
  const carried = b.apply({ source: null, bytes: page?.bytes as Uint8Array, cursor: null });
  expect(carried.refused).toMatchObject([{ code: "PARENT_MISSING" }]);
  await both(b, c);
  await both(b, c);
  expect(c.object(uuidFor("package 0") as ObjectId)?.text).toContain("from d");
  expect(b.digest()).toBe(c.digest());
});

test("concurrent decisions on a name leave one record on both sides", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, 1));
  const other = uuidFor("another") as ObjectId;
  const content = { name: "package-0", title: "another" };
  const put = { kind: "put", object: other, type: "package", content, mode: "create" } as const;
  b.author({ ...author, changes: [put] });
  await both(a, b);
  const [clash] = a.conflicts({ limit: 9 });
  for (const store of [a, b]) {
    const resolutions = [{ conflict: clash?.id as string }];
    store.author({
      ...author,
      changes: [{ kind: "resolve", object: clash?.object as ObjectId, resolutions }],
    });
  }
  await both(a, b);
  expect(a.conflicts({ limit: 9 })).toMatchObject([{ status: "resolved" }]);
  expect(a.conflicts({ limit: 9 })).toEqual(b.conflicts({ limit: 9 }));
});
