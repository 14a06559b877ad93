// Proves that a sync that must not happen does not, says why on both sides, and is recorded: wrong
// peers, forbidden directions, links of later versions, peers that break the protocol or hang.
import { describe, expect, test } from "vitest";
import { CLOSE_MS_MAX, HANDSHAKE_MS_MAX, PEER_SILENT_MS_MAX } from "../../src/base/limits.ts";
import { systemTimers, type Timers } from "../../src/base/ports/timers.ts";
import { decodeControl, encodeControl } from "../../src/protocol/control.ts";
import { EVERYTHING_HASH } from "../../src/scope/scope.ts";
import type { LinkRow } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import type { Connection } from "../../src/sync/connection.ts";
import { acceptSync } from "../../src/sync/host/accept-sync.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { chainOf, peerEpoch, peerId } from "./session-fixture.ts";
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

test.each([
  ["a scope of a later version", { scope: '{"licenses":["cc-by"]}' }, {}, "INVALID_SCOPE"],
  ["a scope without the type", { scope: '{"types":["tag"]}' }, { types: ["package"] }, "USAGE"],
  ["a type that nobody has", {}, { types: ["pakage"] }, "INVALID_SCOPE"],
] as const)("a run of %s never dials", async (_name, row, more, code) => {
  const store = memoryStore("local");
  const link = linkRow("pull", row);
  const dial = (): never => expect.unreachable();
  const run = await runLink({ store, link, dial, ...ports, ...more });
  expect(run).toMatchObject({
    outcome: "refused",
    link: "l",
    direction: link.direction,
    peer: null,
    error: { code, hint: expect.any(String) },
  });
  expect(store.runs({ limit: 9 })).toEqual([run]);
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
  const run = await syncOnce(target, second, "pull", { link: link as LinkRow });
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

/** In virtual time and in real time: a run that never ends fails its test, and soon. */
const GIVEN_UP_MS = 600_000;
const TEST_MS_MAX = 5_000;

/** Timers of a clock that jumps to the next one as soon as nothing else is left to do. */
class JumpingTimers implements Timers {
  nowMs = 0;
  readonly #waiting = new Set<{ readonly atMs: number; readonly run: () => void }>();

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, run };
    this.#waiting.add(timer);
    setImmediate(() => this.#jump());
    return () => this.#waiting.delete(timer);
  }

  #jump(): void {
    const [next] = [...this.#waiting].sort((a, b) => a.atMs - b.atMs);
    if (next === undefined || next.atMs > GIVEN_UP_MS) return;
    this.#waiting.delete(next);
    this.nowMs = next.atMs;
    next.run();
    setImmediate(() => this.#jump());
  }
}

/** Lets one end of a connection give fixed answers, by the message they answer, and nothing more. */
function answering(end: Connection, answers: Readonly<Record<string, string>>): void {
  const frame = (data: string | Uint8Array): void => {
    const answer = answers[decodeControl(data as string).m];
    if (answer !== undefined) end.send(answer);
  };
  end.listen({ frame, closed: () => undefined });
}

describe("a peer that says nothing more is given up", () => {
  const { id, epoch, ...said } = { id: peerId, epoch: peerEpoch, schema: 1, algo: 1 } as const;
  const head = [50, chainOf(50)] as const;
  const hello = encodeControl({ m: "hello", v: [1, 1], id, epoch, ...said, head, want: "push" });
  const welcome = encodeControl({ m: "welcome", v: 1, id, epoch, ...said, head });
  const start = encodeControl({ m: "start", from: 0, to: 50 });
  const limits = { connected: HANDSHAKE_MS_MAX, agreed: PEER_SILENT_MS_MAX } as const;

  test.each([
    ["once connected", {}, limits.connected],
    ["after WELCOME", { hello: welcome }, limits.agreed],
    ["after START", { hello: welcome, resume: start }, limits.agreed],
  ])(
    "%s, by the side that dialed",
    async (_when, answers, ms) => {
      const timers = new JumpingTimers();
      const run = await against((remote) => answering(remote, answers), timers);
      expect(run).toMatchObject({
        outcome: "interrupted",
        error: {
          code: "TIMEOUT",
          message: `nothing came from the peer for ${ms / 1000} s`,
          hint: expect.stringContaining("sync again"),
        },
      });
      expect(timers.nowMs).toBe(ms);
    },
    TEST_MS_MAX,
  );

  test.each([
    ["once connected", [], {}, limits.connected],
    ["after HELLO", [hello], {}, limits.agreed],
    ["after START", [hello], { resume: start }, limits.agreed],
  ])(
    "%s, by the side that was dialed",
    async (_when, opening, answers, ms) => {
      const timers = new JumpingTimers();
      const { dialer, acceptor: connection } = memoryPair();
      answering(dialer, answers);
      for (const frame of opening) dialer.send(frame);
      const allow = { pull: true, push: true };
      const store = memoryStore("local");
      const run = await acceptSync({ store, connection, allow, ...ports, timers });
      expect(run).toMatchObject({ outcome: "interrupted", error: { code: "TIMEOUT" } });
      expect(timers.nowMs).toBe(ms);
    },
    TEST_MS_MAX,
  );

  test(
    "and cut off when it does not close either",
    async () => {
      const timers = new JumpingTimers();
      const run = await against(() => undefined, timers);
      expect(run).toMatchObject({ outcome: "interrupted", error: { code: "TIMEOUT" } });
      expect(timers.nowMs).toBe(HANDSHAKE_MS_MAX + CLOSE_MS_MAX);
    },
    TEST_MS_MAX,
  );
});
