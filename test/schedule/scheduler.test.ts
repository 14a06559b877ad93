// Proves the scheduler in virtual time: what runs by itself and when, that no link ever runs twice at
// once, and that links which come, go or change take effect at once.
import { beforeEach, describe, expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { InstanceId } from "../../src/base/ids.ts";
import { Scheduler as VirtualTime } from "../../src/scenario/world/scheduler.ts";
import type { LinkRow, RunRow } from "../../src/store/rows.ts";
import { failedResult, runRow } from "../../src/sync/host/run-record.ts";
import type { LinkEvent } from "../../src/sync/schedule/link-event.ts";
import type { RunScheduled } from "../../src/sync/schedule/link-runner.ts";
import { LinkScheduler } from "../../src/sync/schedule/scheduler.ts";
import { linkRow, seededRandom, uuidFor } from "../sync/world.ts";

const PEER = uuidFor("peer") as InstanceId;

interface Call {
  readonly link: string;
  readonly atMs: number;
  readonly options: Parameters<RunScheduled>[1];
  /** Ends the run. */
  end(outcome?: "ok" | "failed"): void;
}

let time: VirtualTime;
let links: LinkRow[];
let calls: Call[];
let open: number;
let openMax: number;
let events: LinkEvent[];
let scheduler: LinkScheduler;

const clockOf = () => ({ nowMs: () => time.nowMs, monotonicMs: () => time.nowMs });

function rowOf(link: string, outcome: "ok" | "failed"): RunRow {
  const error = new SynclineError("CONNECT_FAILED", "nobody there");
  const result = outcome === "ok" ? { ...failedResult(error), outcome } : failedResult(error);
  const start = { id: uuidFor(`${calls.length}`), started: new Date(time.nowMs).toISOString() };
  const parts = { start, clock: clockOf(), link, direction: "pull", connection: null } as const;
  return runRow({ ...parts, result, openConflicts: 0, log: undefined });
}

const run: RunScheduled = (link, options) =>
  new Promise((resolve) => {
    openMax = Math.max(openMax, ++open);
    const end = (outcome: "ok" | "failed" = "ok"): void => {
      open -= 1;
      resolve(rowOf(link, outcome));
    };
    options.signal.addEventListener("abort", () => end());
    calls.push({ link, atMs: time.nowMs, options, end });
  });

beforeEach(() => {
  time = new VirtualTime();
  [links, calls, events] = [[], [], []];
  [open, openMax] = [0, 0];
  scheduler = new LinkScheduler({
    clock: clockOf(),
    timers: { after: (ms, then) => time.after(ms, then) },
    random: seededRandom("scheduler"),
    links: () => links,
    lastStarted: () => null,
    run,
  });
});

const link = (name: string, mode: string): LinkRow => linkRow("pull", { name, mode });
const pass = (ms: number): Promise<boolean> => time.run({ timeMs: time.nowMs + ms });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the scheduler", () => {
  test("runs live links and schedules, never manual ones, and nothing before it serves", async () => {
    links = [link("m", "manual"), link("l", "live"), link("e", "every:1m")];
    await scheduler.reconcile();
    await pass(600_000);
    expect(calls).toEqual([]);
    await scheduler.serve((event) => events.push(event));
    await pass(1000);
    expect(calls.map((call) => call.link).sort()).toEqual(["e", "l"]);
    expect(calls.find((call) => call.link === "l")?.options.live).toBeDefined();
    expect(calls.find((call) => call.link === "e")?.options.live).toBeUndefined();
  });

  test("never runs one link twice at once, and once for what was missed meanwhile", async () => {
    links = [link("e", "every:1m")];
    await scheduler.serve();
    await pass(10 * 60_000);
    expect(calls).toHaveLength(1);
    calls[0]?.end();
    await settled();
    await pass(10_000);
    expect(calls).toHaveLength(2);
    calls[1]?.end();
    await settled();
    await pass(50_000);
    expect(calls).toHaveLength(2);
    await pass(20_000);
    expect(calls).toHaveLength(3);
    expect(openMax).toBe(1);
  });

  test("connects again and again, and hands a failed attempt to the next", async () => {
    links = [link("l", "live")];
    await scheduler.serve((event) => events.push(event));
    for (let n = 0; n < 20; n++) {
      await pass(5100);
      calls.at(-1)?.end("failed");
      await settled();
      expect(scheduler.states().get("l")).toMatchObject({ state: "back-off" });
    }
    expect(calls).toHaveLength(20);
    expect(calls[1]?.options.again).toMatchObject({ id: uuidFor("1") });
    expect(events.filter(({ event }) => event === "waits")).toHaveLength(20);
  });

  test("says how a live link stands, and what it carried", async () => {
    links = [link("l", "live")];
    await scheduler.serve((event) => events.push(event));
    await pass(500);
    expect(scheduler.states().get("l")).toMatchObject({ state: "connecting", next: null });
    const hooks = calls[0]?.options.live;
    const soFar = { ...failedResult(new SynclineError("INTERNAL", "")), wasLive: true };
    let sent = 0;
    const counts = () => ({ changesets: sent, revisions: sent, objects: sent, purges: 0 });
    hooks?.onLive?.(PEER, () => ({ ...soFar, sent: counts() }));
    hooks?.onInStep?.();
    expect(scheduler.states().get("l")).toMatchObject({ state: "connected" });
    for (sent = 1; sent <= 500; sent++) hooks?.onInStep?.();
    await pass(3000);
    const told = events.filter((event) => event.event === "inStep");
    expect(told.map((event) => event.sent.revisions)).toEqual([0, 501]);
    await pass(60_000);
    expect(events.filter(({ event }) => event === "inStep")).toHaveLength(2);
  });

  test("takes links that come, go and change at once, and leaves the others alone", async () => {
    const stop = await scheduler.serve();
    links = [link("a", "live"), link("b", "live")];
    await scheduler.reconcile();
    await pass(500);
    expect(calls.map((call) => call.link).sort()).toEqual(["a", "b"]);
    links = [{ ...link("a", "live"), peer: PEER, confirmed: 7 }, link("b", "manual")];
    await scheduler.reconcile();
    const [a, b] = ["a", "b"].map((name) => calls.find((call) => call.link === name));
    expect(a?.options.signal.aborted).toBe(false);
    expect(b?.options.signal.aborted).toBe(true);
    links = [{ ...link("a", "live"), url: "memory:other" }];
    await scheduler.reconcile();
    expect(a?.options.signal.aborted).toBe(true);
    await pass(500);
    expect(calls.filter((call) => call.link === "a")).toHaveLength(2);
    await stop();
    expect(open).toBe(0);
    expect(scheduler.states().size).toBe(0);
  });

  test("keeps a watched link live whatever its mode, as long as somebody watches", async () => {
    links = [link("m", "manual"), link("n", "manual")];
    const stop = await scheduler.watch("m", (event) => events.push(event));
    await pass(500);
    expect(calls.map((call) => call.link)).toEqual(["m"]);
    const all = await scheduler.watch(undefined, () => {});
    await pass(500);
    expect(calls.map((call) => call.link)).toEqual(["m", "n"]);
    await stop();
    expect(open).toBe(2);
    await all();
    expect(open).toBe(0);
    expect(openMax).toBe(2);
  });

  test("a time far away is waited for, though timers cannot count so far", async () => {
    links = [link("e", "every:60d")];
    await scheduler.serve();
    await pass(500);
    calls[0]?.end();
    await settled();
    await pass(59 * 86_400_000);
    expect(calls).toHaveLength(1);
    await pass(2 * 86_400_000);
    expect(calls).toHaveLength(2);
  });
});
