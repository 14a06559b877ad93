// Proves that a sync that must not happen does not, says why on both sides, and is recorded: wrong
// peers, forbidden directions, links of later versions, peers that break the protocol or hang.
import { describe, expect, test } from "vitest";
import { systemTimers, type Timers } from "../../src/base/ports/timers.ts";
import type { Store } from "../../src/store/store.ts";
import type { Connection } from "../../src/sync/connection.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { EVERYTHING_HASH } from "../../src/sync/scope.ts";
import {
  addPackages,
  linkRow,
  memoryStore,
  range,
  seededRandom,
  syncOnce,
  tickingClock,
  withMethods,
} from "./world.ts";

const ports = { clock: tickingClock(), timers: systemTimers, random: seededRandom("x") };

describe("a link of a later version never dials", () => {
  test.each([["with a scope", linkRow("pull", { scope: '{"types":["package"]}' })]])(
    "%s",
    async (_name, link) => {
      const store = memoryStore("local");
      const dial = (): never => expect.unreachable();
      const run = await runLink({ store, link, dial, ...ports });
      expect(run).toMatchObject({
        outcome: "refused",
        link: "l",
        direction: link.direction,
        peer: null,
        error: { code: "LINK_UNSUPPORTED", hint: expect.any(String) },
      });
      expect(store.runs({ limit: 9 })).toEqual([run]);
    },
  );
});

test("a copy of the own instance is refused on sight", async () => {
  const run = await syncOnce(memoryStore("same"), memoryStore("same", "copy"), "pull");
  expect(run.dialer).toMatchObject({ outcome: "refused", error: { code: "SAME_IDENTITY" } });
  expect(run.acceptor).toMatchObject({ outcome: "refused", error: { code: "SAME_IDENTITY" } });
});

test("another instance at the link's address is refused, and nothing changes", async () => {
  const target = memoryStore("target");
  const [first, second] = [memoryStore("first"), memoryStore("second")];
  await addPackages(first, range(0, 5));
  await addPackages(second, range(5, 10));
  await syncOnce(target, first, "pull");
  const [link] = target.links();
  const run = await syncOnce(target, second, "pull");
  expect(run.dialer).toMatchObject({ outcome: "refused", error: { code: "PEER_CHANGED" } });
  expect(target.counts().revisions).toBe(5);
  expect(target.links()).toEqual([link]);
});

test.each(["pull", "push"] as const)(
  "a %s of other records than the source's log holds stores nothing, and loses nothing",
  async (direction) => {
    const [source, target] = [memoryStore("source"), memoryStore("target")];
    await addPackages(source, range(0, 20));
    const lying = withMethods(source, {
      readPage(after, limits) {
        const page = source.readPage(after, limits);
        const bytes = Buffer.from(page?.bytes ?? [])
          .toString()
          .replace("P 7", "P 8");
        return page && { ...page, bytes: Buffer.from(bytes) };
      },
    });
    const sync = (store: Store) =>
      direction === "pull" ? syncOnce(target, store, "pull") : syncOnce(store, target, "push");
    const run = await sync(lying);
    for (const side of [run.dialer, run.acceptor]) {
      expect(side).toMatchObject({
        outcome: "failed",
        error: { code: "PROTOCOL_ERROR", hint: expect.stringContaining("sync again") },
      });
    }
    expect(target.counts()).toMatchObject({ revisions: 0, quarantined: 0 });
    expect(target.cursor(source.identity().instance, EVERYTHING_HASH)).toBeUndefined();
    expect((await sync(source)).dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(target.digest()).toBe(source.digest());
  },
);

test.each([
  ["pull", { pull: false, push: true }],
  ["push", { pull: true, push: false }],
] as const)("a %s that the other side does not allow", async (direction, allow) => {
  const [local, remote] = [memoryStore("local"), memoryStore("remote")];
  await addPackages(local, range(0, 5));
  await addPackages(remote, range(5, 10));
  const run = await syncOnce(local, remote, direction, { allow });
  expect(run.dialer).toMatchObject({ outcome: "refused", error: { code: "NOT_ALLOWED" } });
  expect(run.frames).toEqual([">hello", "<error"]);
  expect(remote.runs({ limit: 9 })).toEqual([]);
  expect([local.counts().revisions, remote.counts().revisions]).toEqual([5, 5]);
});

test("an error while dialing is the run's error", async () => {
  const dial = (): Promise<never> => Promise.reject(new Error("no such thing"));
  const run = await runLink({ store: memoryStore("a"), link: linkRow("pull"), dial, ...ports });
  expect(run).toMatchObject({ outcome: "failed", error: { code: "INTERNAL" } });
});

/** Runs a pull against the other end of a connection that the test plays itself. */
async function against(play: (remote: Connection) => void, timers: Timers = systemTimers) {
  const { dialer, acceptor } = memoryPair();
  play(acceptor);
  const dial = (): Promise<Connection> => Promise.resolve(dialer);
  const link = linkRow("pull");
  return runLink({ store: memoryStore("local"), link, dial, ...ports, timers });
}

const deaf = { frame: () => undefined, closed: () => undefined };

test("a server of another kind is NOT_A_PEER", async () => {
  const run = await against((remote) => {
    remote.listen(deaf);
    remote.send("welcome to the chat");
  });
  expect(run).toMatchObject({ outcome: "failed", error: { code: "NOT_A_PEER" } });
});

test("a peer that hangs up at once is an interruption", async () => {
  const run = await against((remote) => {
    remote.listen(deaf);
    remote.close(1000);
  });
  expect(run).toMatchObject({ outcome: "interrupted", error: { code: "DISCONNECTED" } });
});

test("a peer that says nothing is given up in time, and cut off when it does not close", async () => {
  const waits: number[] = [];
  const timers: Timers = {
    after(ms, run) {
      waits.push(ms);
      return systemTimers.after(ms / 1000, run);
    },
  };
  const run = await against(() => undefined, timers);
  expect(run).toMatchObject({ outcome: "interrupted", error: { code: "TIMEOUT" } });
  expect(waits).toEqual([10_000, 2_000]);
});
