// Proves that a policy which comes over a link counts as what it does: it removes no more live objects
// than the link allows, together with what comes beside it, and the run says what it did.
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Direction } from "../../src/store/rows.ts";
import { liveSession, until } from "./live-world.ts";
import { addPackages, memoryStore, range, retitle, syncOnce, uuidFor } from "./world.ts";

const policy = { default: "newest", deletes: "delete-wins", names: {}, types: {} };
const ana = { author: "ana", message: "m" };

function remove(store: MemoryStore, from: number, to: number): void {
  const objects = range(from, to).map((n) => uuidFor(`package ${n}`) as ObjectId);
  store.author({ ...ana, changes: objects.map((object) => ({ kind: "delete", object })) });
}

const pulled = (b: MemoryStore, a: MemoryStore, direction: Direction, options = {}) =>
  direction === "push" ? syncOnce(a, b, "push", options) : syncOnce(b, a, direction, options);

/** Of 60 packages `edited` live on at b, by its edits, although a has deleted them. */
async function pair(direction: Direction, edited = 40): Promise<[MemoryStore, MemoryStore]> {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, 60));
  await pulled(b, a, direction);
  for (const number of range(0, edited)) await retitle(b, number, "still needed");
  remove(a, 0, edited);
  expect((await pulled(b, a, direction)).dialer.outcome).toBe("ok");
  expect(b.liveObjects()).toBe(60);
  a.changePolicy({ ...ana, policy });
  return [a, b];
}

const imprint = (store: MemoryStore) => [
  store.head(),
  store.digest(),
  store.policies(),
  store.peers(),
];

describe.each<Direction>(["pull", "push", "both"])("over a link that says %s", (direction) => {
  test("one that deletes too much is held, and nothing is changed", async () => {
    const [a, b] = await pair(direction);
    const before = imprint(b);
    for (const _ of [1, 2]) {
      const { dialer, acceptor } = await pulled(b, a, direction);
      for (const side of [dialer, acceptor]) {
        expect(side).toMatchObject({ outcome: "held", error: { code: "REMOVALS_HELD" } });
      }
      expect(dialer.error?.message).toContain("40 live objects");
      expect(imprint(b)).toEqual(before);
    }
  });

  test("one that somebody agrees to is taken, and the run says what it did", async () => {
    const [a, b] = await pair(direction);
    const run = { run: { acceptRemovals: true } };
    const { dialer, acceptor } = await pulled(b, a, direction, run);
    expect(b.liveObjects()).toBe(20);
    expect((direction === "push" ? acceptor : dialer).policy).toEqual({
      ...{ before: [], after: a.policies().inForce.frontier },
      ...{ removed: 40, restored: 0 },
    });
    expect((await pulled(b, a, direction)).dialer).not.toHaveProperty("policy");
  });
});

test("what is removed beside it counts, too", async () => {
  const [a, b] = await pair("pull", 15);
  remove(a, 20, 26);
  const before = imprint(b);
  expect((await syncOnce(b, a, "pull")).dialer.error?.code).toBe("REMOVALS_HELD");
  expect(imprint(b)).toEqual(before);
});

test("one that deletes as much as the link allows is taken", async () => {
  const [a, b] = await pair("pull", 20);
  expect((await syncOnce(b, a, "pull")).dialer).toMatchObject({ outcome: "ok" });
  expect(b.liveObjects()).toBe(40);
});

test("one that comes to a live session is held", async () => {
  const [a, b] = await pair("pull");
  a.changePolicy({ ...ana, policy: { ...policy, deletes: "edit-wins" } });
  const session = await liveSession(b, a, "pull");
  a.changePolicy({ ...ana, policy });
  expect((await session.dialer).error).toMatchObject({ code: "REMOVALS_HELD" });
  expect(b.liveObjects()).toBe(60);
  await until(() => b.policies().records.length === 2);
});
