// Proves that a sync can end at any moment without harm: cut after every single frame, in both
// directions, it never claims success, goes on where it stopped, and sends again at most what the
// target had not confirmed.
import { describe, expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Store } from "../../src/store/store.ts";
import {
  addPackages,
  memoryStore,
  range,
  restored,
  retitle,
  syncOnce,
  withMethods,
} from "./world.ts";

/** Counts what the store is given again. */
function counting(store: MemoryStore): { store: Store; seen: { duplicates: number } } {
  const seen = { duplicates: 0 };
  const apply: Store["apply"] = (batch) => {
    const outcome = store.apply(batch);
    seen.duplicates += outcome.duplicates;
    return outcome;
  };
  return { store: withMethods(store, { apply }), seen };
}

describe.each(["pull", "push"] as const)("a %s that is cut", (direction) => {
  async function build(): Promise<{ source: MemoryStore; target: MemoryStore }> {
    const source = memoryStore("source");
    await addPackages(source, range(0, 120), { perChangeset: 5, bytes: 30_000 });
    return { source, target: memoryStore("target") };
  }

  async function run(source: Store, target: Store, cutAfterFrames?: number) {
    const options = cutAfterFrames === undefined ? {} : { cutAfterFrames };
    return direction === "pull"
      ? syncOnce(target, source, "pull", options)
      : syncOnce(source, target, "push", options);
  }

  test("after any frame goes on where it stopped", async () => {
    const { source, target: whole } = await build();
    const complete = await run(source, whole);
    expect(complete.dialer.outcome).toBe("ok");
    expect(complete.frames.filter((frame) => frame.endsWith("batch")).length).toBeGreaterThan(8);

    for (let frames = 0; frames < complete.frames.length; frames++) {
      const target = memoryStore("target");
      const { store, seen } = counting(target);
      const cut = await run(source, store, frames);
      // Once the last ACK is there, both ends have reached the goal: only the BYE is missing.
      const lastAck = complete.frames.lastIndexOf(direction === "pull" ? ">ack" : "<ack");
      const outcomes = [cut.dialer.outcome, cut.acceptor.outcome];
      if (frames <= lastAck) expect(outcomes, `after ${frames}`).toContain("interrupted");
      const stored = target.counts().revisions;
      const received = direction === "pull" ? cut.dialer.received : cut.acceptor.received;
      expect(received.revisions).toBe(stored);
      expect(received.objects).toBe(stored);

      const rest = await run(source, store);
      expect(rest.dialer.outcome, `resumed after ${frames}`).toBe("ok");
      expect(target.digest()).toBe(source.digest());
      expect(target.counts().revisions).toBe(120);
      expect(seen.duplicates, `after ${frames}`).toBe(0);
    }
  });

  test("and again and again still comes to its end", async () => {
    const { source, target } = await build();
    let attempts = 0;
    let outcome = "";
    while (outcome !== "ok" && attempts < 60) {
      attempts += 1;
      outcome = (await run(source, target, 6)).dialer.outcome;
    }
    expect(attempts).toBeGreaterThan(3);
    expect(target.digest()).toBe(source.digest());
  });
});

test("a stop signal interrupts, and the next run goes on", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 400), { bytes: 20_000 });
  const abort = new AbortController();
  const onProgress = (): void => abort.abort();
  const stopped = await syncOnce(target, source, "pull", {
    run: { signal: abort.signal, onProgress },
  });
  expect(stopped.dialer).toMatchObject({ outcome: "interrupted", error: { code: "INTERRUPTED" } });
  expect(stopped.acceptor).toMatchObject({
    outcome: "interrupted",
    error: { code: "INTERRUPTED" },
  });
  const stored = target.counts().revisions;
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(400);
  expect(stopped.dialer.received.objects).toBe(stored);

  const rest = await syncOnce(target, source, "pull");
  expect(rest.dialer).toMatchObject({ outcome: "ok", received: { revisions: 400 - stored } });
});

test("a progress listener that throws fails the run", async () => {
  const source = memoryStore("source");
  await addPackages(source, range(0, 20));
  const onProgress = (): never => {
    throw new Error("as planned");
  };
  const run = await syncOnce(memoryStore("target"), source, "pull", { run: { onProgress } });
  expect(run.dialer).toMatchObject({ outcome: "failed", error: { code: "INTERNAL" } });
  expect(run.acceptor).toMatchObject({ outcome: "failed", error: { code: "INTERNAL" } });
});

test("a signal that came before the start interrupts without a connection", async () => {
  const run = await syncOnce(memoryStore("target"), memoryStore("source"), "pull", {
    run: { signal: AbortSignal.abort() },
    cutAfterFrames: 0,
  });
  expect(run.dialer).toMatchObject({ outcome: "interrupted", error: { code: "INTERRUPTED" } });
  expect(run.frames).toEqual([]);
});

describe("a store that fails", () => {
  test.each([
    ["pull", "apply", "DISK_FULL"],
    ["pull", "apply", "ACTOR_FORK"],
    ["pull", "objectsReceived", "STORE_IO"],
    ["pull", "head", "STORE_CORRUPT"],
    ["push", "readPage", "STORE_IO"],
    ["push", "chainAt", "STORE_CORRUPT"],
  ] as const)("on a %s in %s fails both runs with %s", async (direction, method, code) => {
    const source = memoryStore("source");
    const target = memoryStore("target");
    await addPackages(source, range(0, 20));
    const [here, there] = direction === "pull" ? [target, source] : [source, target];
    await syncOnce(here, there, direction);
    await retitle(source, 3, "again");
    const fail = (): never => {
      throw new SynclineError(code, "as planned");
    };
    const run = await syncOnce(withMethods(here, { [method]: fail }), there, direction);
    expect(run.dialer).toMatchObject({ outcome: "failed", error: { code, message: "as planned" } });
    if (method === "head") return;
    expect(run.acceptor).toMatchObject({ outcome: "failed", error: { code } });
    expect(run.acceptor.error?.message).toBe("the peer reports: as planned");
  });

  test("cannot record its run as a success", async () => {
    const source = memoryStore("source");
    const target = withMethods(memoryStore("target"), {
      saveRun: () => {
        throw new SynclineError("DISK_FULL", "as planned");
      },
    });
    const run = await syncOnce(target, source, "pull");
    expect(run.dialer).toMatchObject({ outcome: "failed", error: { code: "DISK_FULL" } });
  });
});

describe("a source that was restored from a backup", () => {
  test("with a rewritten tail is matched at an older rung, and only the rest is sent", async () => {
    const source = memoryStore("source");
    const target = memoryStore("target");
    await addPackages(source, range(0, 200), { perChangeset: 4, bytes: 10_000 });
    await syncOnce(target, source, "pull");
    const back = await restored(source, "source", { upTo: 160, epoch: "second" });
    await addPackages(back, range(200, 210));
    const { store, seen } = counting(target);
    const run = await syncOnce(store, back, "pull");
    expect(run.dialer).toMatchObject({ outcome: "ok", received: { revisions: 10 } });
    expect(run.frames.filter((frame) => frame === ">resume")).toHaveLength(2);
    expect(seen.duplicates).toBeGreaterThan(0);
    expect(seen.duplicates).toBeLessThan(160);
    expect((await syncOnce(target, back, "pull")).frames).toEqual([">hello", "<welcome"]);
  });

  test("and has nothing new is searched once, then known", async () => {
    const source = memoryStore("source");
    const target = memoryStore("target");
    await addPackages(source, range(0, 100), { perChangeset: 4, bytes: 10_000 });
    await syncOnce(target, source, "pull");
    const back = await restored(source, "source", { upTo: 40, epoch: "second" });
    const run = await syncOnce(target, back, "pull");
    expect(run.dialer).toMatchObject({ outcome: "ok", received: { revisions: 0 } });
    expect(run.dialer.cursor).toEqual({ lsn: 40, head: 40 });
    expect((await syncOnce(target, back, "pull")).frames).toEqual([">hello", "<welcome"]);
    expect(target.counts().revisions).toBe(100);
  });

  test("with nothing in common is sent from the beginning, and what is there is dropped", async () => {
    const source = memoryStore("source");
    const target = memoryStore("target");
    await addPackages(source, range(0, 40));
    await syncOnce(target, source, "pull");
    const other = memoryStore("source", "second");
    await addPackages(other, range(100, 105));
    const run = await syncOnce(target, other, "pull");
    expect(run.dialer).toMatchObject({ outcome: "ok", received: { revisions: 5 } });
    expect(target.counts().revisions).toBe(45);
  });

  test("unnoticed, finds out by what the target knows, and goes on in a new epoch", async () => {
    const source = memoryStore("source");
    const target = memoryStore("target");
    await addPackages(source, range(0, 40));
    await syncOnce(target, source, "pull");
    const back = await restored(source, "source", { upTo: 30, epoch: "epoch" });
    await addPackages(back, range(50, 70), { perChangeset: 3 });
    const { epoch } = back.identity();
    const run = await syncOnce(target, back, "pull");
    expect(run.dialer).toMatchObject({ outcome: "ok", received: { revisions: 20 }, refused: [] });
    expect(back.identity().epoch).not.toBe(epoch);
    expect(back.counts().revisions).toBe(60);
    expect(target.digest()).toBe(back.digest());
  });
});

test("a target that was restored is sent what it lacks", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 40));
  await syncOnce(target, source, "pull");
  const fresh = memoryStore("target", "second");
  fresh.saveLink(target.links()[0] as ReturnType<MemoryStore["links"]>[number]);
  const run = await syncOnce(fresh, source, "pull");
  expect(run.dialer).toMatchObject({ outcome: "ok", received: { revisions: 40 } });
});
