// Proves what the simulator builds on: randomness split by purpose, virtual time in one order, a
// connection that keeps the port's contract and breaks as told, processes that die whole.
import { describe, expect, test } from "vitest";
import { Prng } from "../../src/scenario/random/prng.ts";
import { CALM_PACE } from "../../src/scenario/world/faults.ts";
import { Process } from "../../src/scenario/world/process.ts";
import { Scheduler } from "../../src/scenario/world/scheduler.ts";
import { simulatedCodec } from "../../src/scenario/world/simulated-codec.ts";
import { type BreakPoint, type Pace, Wire } from "../../src/scenario/world/wire.ts";
import { plainCodec } from "../../src/sync/memory/plain-codec.ts";
import { connectionSuite } from "../sync/connection-suite.ts";
import { simulate } from "./simulate.ts";

describe("randomness", () => {
  test("is the same for a seed and purpose, and another for each other one", () => {
    const draw = (seed: number, purpose: string): number[] => {
      const random = new Prng(seed, purpose);
      return Array.from({ length: 4 }, () => random.next());
    };
    expect(draw(1, "faults")).toEqual(draw(1, "faults"));
    expect(draw(1, "faults")).not.toEqual(draw(1, "network"));
    expect(draw(1, "faults")).not.toEqual(draw(2, "faults"));
  });

  test("stays within bounds, and reaches them", () => {
    const random = new Prng(7, "bounds");
    const drawn = new Set(Array.from({ length: 200 }, () => random.between(3, 6)));
    expect([...drawn].sort()).toEqual([3, 4, 5, 6]);
    const weighted = new Set(
      Array.from({ length: 200 }, () => random.weighted({ a: 3, b: 1, c: 0 })),
    );
    expect([...weighted].sort()).toEqual(["a", "b"]);
    expect(random.magnitude(5, 5)).toBe(5);
  });
});

describe("virtual time", () => {
  test("runs events by time, then by their making, and lets each finish", async () => {
    const scheduler = new Scheduler();
    const seen: string[] = [];
    scheduler.after(5, () => void seen.push("late"));
    scheduler.after(1, async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      seen.push(`slow at ${scheduler.nowMs}`);
    });
    scheduler.after(1, () => void seen.push("second"));
    const cancel = scheduler.after(2, () => void seen.push("never"));
    cancel();
    await scheduler.run({ timeMs: 10 });
    expect(seen).toEqual(["slow at 1", "second", "late"]);
    expect(scheduler.nowMs).toBe(10);
  });

  test("keeps order with many events", async () => {
    const scheduler = new Scheduler();
    const random = new Prng(1, "heap");
    const seen: number[] = [];
    for (let event = 0; event < 300; event++) {
      scheduler.after(random.between(0, 50), () => void seen.push(scheduler.nowMs));
    }
    await scheduler.run({ timeMs: 50 });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen).toHaveLength(300);
  });
});

describe("a process", () => {
  test("that is killed takes timers, work and codecs with it", async () => {
    const scheduler = new Scheduler();
    const process = new Process(scheduler);
    const seen: string[] = [];
    const codec = simulatedCodec(plainCodec(), process);
    process.timers.after(1, () => void seen.push("timer"));
    void process.work(1, () => void seen.push("work"));
    void codec.compress(Uint8Array.of(1)).then(() => void seen.push("codec"));
    process.onKill(() => void seen.push("killed"));
    process.kill();
    await scheduler.run({ timeMs: 10 });
    expect(seen).toEqual(["killed"]);
  });
});

/** Drives virtual time on as long as the test goes. */
function openWire(scheduler: Scheduler, pace: Partial<Pace> = {}, breakAt?: BreakPoint): Wire {
  const options = { scheduler, pace: { ...CALM_PACE, ...pace } };
  return new Wire(breakAt === undefined ? options : { ...options, breakAt });
}

connectionSuite("simulated", async () => {
  const scheduler = new Scheduler();
  const { dialer, acceptor } = openWire(scheduler, { bytesPerMs: 10_000 });
  let isOpen = true;
  const pump = async (): Promise<void> => {
    while (isOpen) {
      await scheduler.run({ timeMs: scheduler.nowMs + 1_000 });
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const pumped = pump();
  const dispose = async (): Promise<void> => {
    isOpen = false;
    await pumped;
  };
  return { dialer, acceptor, dispose };
});

describe("a wire", () => {
  async function sendThree(breakAt: BreakPoint | undefined, pace: Partial<Pace> = {}) {
    const scheduler = new Scheduler();
    const wire = openWire(scheduler, pace, breakAt);
    const seen: string[] = [];
    for (const [name, end] of [
      ["dialer", wire.dialer],
      ["acceptor", wire.acceptor],
    ] as const) {
      end.listen({
        frame: (data) => seen.push(`${name} got ${String(data)}`),
        closed: ({ code }) => seen.push(`${name} closed ${code} at ${scheduler.nowMs}`),
      });
    }
    for (const text of ["1", "2", "3"]) wire.dialer.send(text);
    wire.dialer.close(1000);
    await scheduler.run({ timeMs: 1_000 });
    return seen;
  }

  test("carries everything, then the close", async () => {
    expect(await sendThree(undefined)).toEqual([
      "acceptor got 1",
      "acceptor got 2",
      "acceptor got 3",
      "acceptor closed 1000 at 1",
      "dialer closed 1000 at 2",
    ]);
  });

  test("is cut instead of delivering a frame", async () => {
    expect(await sendThree({ way: "out", frame: 1, how: "cut" })).toEqual([
      "acceptor got 1",
      "dialer closed 1006 at 1",
      "acceptor closed 1006 at 1",
    ]);
  });

  test("swallows one way from a frame on", async () => {
    expect(await sendThree({ way: "out", frame: 2, how: "silence" })).toEqual([
      "acceptor got 1",
      "acceptor got 2",
    ]);
  });

  test("brings the news of its end late", async () => {
    expect((await sendThree(undefined, { closeDelayMs: 50 })).at(-1)).toBe(
      "dialer closed 1000 at 102",
    );
  });
});

test("a kept trace is a timeline of both sides, and the hash tells seeds apart", async () => {
  const first = await simulate({ seed: 1, keepTrace: true });
  const other = await simulate({ seed: 2 });
  expect(/^ *\d+\.\d{6} {2}[A-H] +→ [A-H] \{"m":"hello"/m.test(first.timeline)).toBe(true);
  expect(/^ *\d+\.\d{6} {2}\* +the network heals$/m.test(first.timeline)).toBe(true);
  expect(other.timeline).toBe("");
  expect(other.traceHash).not.toBe(first.traceHash);
});
