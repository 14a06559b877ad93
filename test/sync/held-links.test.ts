// Proves that a link which is held stays held, also a live one that connects again and again, and one
// over which a peer pushes: until somebody agrees, or the source has put right what was wrong there.
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { LinkRow } from "../../src/store/rows.ts";
import { liveSession, until } from "./live-world.ts";
import { addPackages, linkRow, memoryStore, range, syncOnce, uuidFor } from "./world.ts";

function change(store: MemoryStore, kind: "delete" | "undelete", from: number, to: number): void {
  const objects = range(from, to).map((n) => uuidFor(`package ${n}`) as ObjectId);
  const changes = objects.map((object) => ({ kind, object }) as const);
  store.author({ author: "ana", message: kind, changes });
}

const held = (store: MemoryStore): LinkRow["held"][] => store.links().map((link) => link.held);

/** A hundred packages, of which 15 went over a live link, and then ten more were to go. */
async function heldLive(direction: "pull" | "push", packages = 100) {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  const [dialer, other] = direction === "pull" ? [b, a] : [a, b];
  if (direction === "push") {
    b.saveLink(linkRow("pull", { name: "back", peer: a.identity().instance }));
  }
  await addPackages(a, range(0, packages));
  const session = await liveSession(dialer, other, direction);
  change(a, "delete", 0, 15);
  await until(() => b.liveObjects() === packages - 15);
  change(a, "delete", 15, 25);
  expect((await session.dialer).outcome).toBe("held");
  await session.acceptor;
  expect(held(b)).toEqual([{ removed: 15 }]);
  return { a, b, again: () => liveSession(dialer, other, direction) };
}

test.each(["pull", "push"] as const)("a live %s stays held until somebody agrees", async (how) => {
  const { a, b, again } = await heldLive(how);
  for (const removed of [25, 30]) {
    change(a, "delete", removed, removed + 5);
    expect(await (await again()).dialer).toMatchObject({
      outcome: "held",
      error: { message: expect.stringContaining(`${removed + 5} live objects`) },
    });
    expect([b.liveObjects(), held(b)]).toEqual([85, [{ removed: 15 }]]);
  }
  const [link] = b.links();
  const run = { run: { acceptRemovals: true } };
  expect((await syncOnce(b, a, "pull", { ...run, link: link as LinkRow })).dialer.outcome).toBe(
    "ok",
  );
  expect([b.liveObjects(), held(b)[0]]).toEqual([65, undefined]);
});

test.each(["pull", "push"] as const)(
  "a live %s goes on when the source puts it right",
  async (how) => {
    const { a, b, again } = await heldLive(how);
    change(a, "undelete", 10, 20);
    const session = await again();
    await until(() => b.liveObjects() === 85 && held(b)[0] === undefined);
    expect(b.digest()).toBe(a.digest());
    change(a, "delete", 30, 60);
    expect(await session.dialer).toMatchObject({ outcome: "held" });
  },
);

test("little that is left to lose is not let go, either", async () => {
  const { b, again } = await heldLive("pull", 30);
  expect(await (await again()).dialer).toMatchObject({ outcome: "held" });
  expect(b.liveObjects()).toBe(15);
});
