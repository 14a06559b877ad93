// Proves that peers which send at once share the memory for what is not stored yet: who finds none
// waits, and goes on; nobody waits for somebody who waits; who does not go on gives it back.
import { describe, expect, test } from "vitest";
import {
  BATCH_FRAGMENT_BYTES_MAX,
  BATCH_STAGED_BYTES_MAX,
  PACKED_BYTES_MAX,
  STAGED_BYTES_MAX,
  STAGING_IDLE_MS_MAX,
} from "../../src/base/limits.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import type { ApplyBatch } from "../../src/store/store.ts";
import { acceptSync } from "../../src/sync/host/accept-sync.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { StagingBudget } from "../../src/sync/host/staging-budget.ts";
import { StagingShare } from "../../src/sync/host/staging-share.ts";
import { memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { addPackages, linkRow, memoryStore, range, seededRandom, tickingClock } from "./world.ts";

const MIB = 1024 * 1024;

/** A session's share, and which of its frames were admitted. */
function session(budget: StagingBudget, timers = systemTimers) {
  const admitted: number[] = [];
  const errors: string[] = [];
  const share = new StagingShare(budget, timers, ({ code }) => errors.push(code));
  const frame = (rawBytes: number, more: boolean, body = 100): Promise<void> =>
    share
      .admit({ kind: "decode", body: new Uint8Array(body), rawBytes, more })
      .then(() => void admitted.push(rawBytes));
  const store = (bytes: number): void => share.stored(bytes);
  return { admitted, errors, share, frame, store };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a budget", () => {
  test("lets frames in as long as there is room, then in their order", async () => {
    const budget = new StagingBudget();
    const room = STAGED_BYTES_MAX - BATCH_STAGED_BYTES_MAX;
    const [a, b, c] = [session(budget), session(budget), session(budget)];
    for (let held = 0; held < room; held += MIB) void a.frame(MIB, false);
    await settled();
    void b.frame(2 * MIB, false);
    void c.frame(1, false);
    await settled();
    expect(a.admitted).toHaveLength(room / MIB);
    expect([b.admitted, c.admitted]).toEqual([[], []]);
    a.store(MIB);
    await settled();
    expect([b.admitted, c.admitted]).toEqual([[], []]);
    a.store(MIB);
    await settled();
    expect([b.admitted, c.admitted]).toEqual([[2 * MIB], []]);
    a.share.end();
    await settled();
    expect(c.admitted).toEqual([1]);
  });

  test("has room for one large batch beside the others, to its end", async () => {
    const budget = new StagingBudget();
    const [a, b, c] = [session(budget), session(budget), session(budget)];
    void a.frame(4 * MIB, true);
    void b.frame(4 * MIB, true);
    void c.frame(4 * MIB, false);
    await settled();
    expect([a.admitted, b.admitted, c.admitted]).toEqual([[4 * MIB], [], [4 * MIB]]);
    void a.frame(4 * MIB, true);
    void a.frame(MIB, false);
    await settled();
    expect(a.admitted).toEqual([4 * MIB, 4 * MIB, MIB]);
    expect(b.admitted).toEqual([]);
    a.store(9 * MIB);
    await settled();
    expect(b.admitted).toEqual([4 * MIB]);
  });

  test("takes no notice of what ends while it waits", async () => {
    const budget = new StagingBudget();
    const [a, b, c] = [session(budget), session(budget), session(budget)];
    void a.frame(1, true);
    void b.frame(1, true);
    void b.frame(1, true);
    void c.frame(1, true);
    await settled();
    b.share.end();
    a.share.end();
    await settled();
    expect([b.admitted, c.admitted]).toEqual([[], [1]]);
    c.share.end();
    const d = session(budget);
    await d.frame(1, true);
    expect(d.admitted).toEqual([1]);
  });

  test("ends who does not go on with a large batch", async () => {
    let late = (): void => {};
    const timers = {
      after(ms: number, run: () => void) {
        expect(ms).toBe(STAGING_IDLE_MS_MAX);
        late = run;
        return () => {
          late = () => {};
        };
      },
    };
    const a = session(new StagingBudget(), timers);
    await a.frame(1, true);
    late();
    expect(a.errors).toEqual(["TIMEOUT"]);
    await a.frame(1, false);
    late();
    expect(a.errors).toEqual(["TIMEOUT"]);
  });

  test("refuses who sends far more than was asked for", async () => {
    const budget = new StagingBudget();
    const [a, b] = [session(budget), session(budget)];
    await a.frame(1, true);
    for (let sent = 0; sent < PACKED_BYTES_MAX; sent += 4 * MIB) void b.frame(1, true, 4 * MIB);
    expect(() => b.frame(1, true, 1)).toThrow(expect.objectContaining({ code: "PROTOCOL_ERROR" }));
  });
});

test("64 peers that push large changesets at once all come through", {
  timeout: 60_000,
}, async () => {
  const hub = memoryStore("hub");
  // As a store behind a thread does: what it was given is gone.
  const store = new Proxy(hub, {
    get(target, name) {
      if (name === "apply") {
        return async (batch: ApplyBatch) => {
          const bytes = Uint8Array.from(batch.bytes);
          (batch.bytes.buffer as ArrayBuffer).transfer();
          return target.apply({ ...batch, bytes });
        };
      }
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const staging = new StagingBudget();
  const allow = { pull: true, push: true };
  const bytes = Math.ceil(BATCH_FRAGMENT_BYTES_MAX / 3.5);
  const runs = range(0, 64).map(async (number) => {
    const peer = memoryStore(`peer ${number}`);
    // Some have a changeset of several frames, the others a small one.
    const isLarge = number % 24 === 0;
    const own = range(10 * number, 10 * number + 4);
    await addPackages(peer, own, isLarge ? { perChangeset: 4, bytes } : {});
    const ports = () => {
      const random = seededRandom(`run ${number}`);
      return { clock: tickingClock(), timers: systemTimers, random };
    };
    const dial = async () => {
      const pair = memoryPair({});
      void acceptSync({ store, connection: pair.acceptor, allow, staging, ...ports() });
      return pair.dialer;
    };
    return runLink({ store: peer, link: linkRow("push"), dial, ...ports() });
  });
  for (const run of await Promise.all(runs)) {
    expect(run).toMatchObject({ outcome: "ok", refused: [], sent: { revisions: 4 } });
  }
  expect(hub.counts()).toMatchObject({ revisions: 256, quarantined: 0 });
});
