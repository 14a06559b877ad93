// Proves that a sync makes the target equal to the source and says so truthfully: first sync,
// nothing to do, an increment, both directions, two at once, and batches over the frame limit.
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { BATCH_BYTES_MAX } from "../../src/base/limits.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { plainCodec } from "../../src/sync/memory/plain-codec.ts";
import {
  addPackages,
  memoryStore,
  range,
  retitle,
  syncOnce,
  uuidFor,
  withMethods,
} from "./world.ts";

test("a pull carries everything, then nothing, then what is new", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 60));

  const first = await syncOnce(target, source, "pull");
  expect(first.dialer).toMatchObject({
    outcome: "ok",
    direction: "pull",
    peer: source.identity().instance,
    received: { changesets: 6, revisions: 60, objects: 60, purges: 0 },
    sent: { changesets: 0, revisions: 0, objects: 0, purges: 0 },
    cursor: { lsn: 60, head: 60 },
    refused: [],
  });
  expect(first.acceptor).toMatchObject({
    outcome: "ok",
    direction: "push",
    link: "",
    sent: first.dialer.received,
    cursor: { lsn: 60, head: 60 },
  });
  expect(target.digest()).toBe(source.digest());
  expect(target.links()).toMatchObject([
    { peer: source.identity().instance, peerName: "source", remoteHead: 60, confirmed: null },
  ]);

  const second = await syncOnce(target, source, "pull");
  expect(second.frames).toEqual([">hello", "<welcome"]);
  expect(second.dialer).toMatchObject({ outcome: "ok", received: { revisions: 0 } });
  expect(second.dialer.cursor).toEqual({ lsn: 60, head: 60 });

  await retitle(source, 7, "other");
  const third = await syncOnce(target, source, "pull");
  expect(third.dialer.received).toEqual({ changesets: 1, revisions: 1, objects: 1, purges: 0 });
  expect(third.frames.join(" ")).toBe(
    ">hello <welcome >resume <start <batch <caughtUp >ack >ack >bye",
  );
  expect(target.digest()).toBe(source.digest());
});

test("a push does the same the other way around, and never changes the source", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 60));
  const before = source.head();

  const first = await syncOnce(source, target, "push");
  const counts = { changesets: 6, revisions: 60, objects: 60, purges: 0 };
  expect(first.dialer).toMatchObject({ outcome: "ok", direction: "push", sent: counts });
  expect(first.acceptor).toMatchObject({ outcome: "ok", direction: "pull", received: counts });
  expect(target.digest()).toBe(source.digest());
  expect(source.head()).toEqual(before);
  expect(source.links()).toMatchObject([
    { peer: target.identity().instance, confirmed: 60, remoteHead: null },
  ]);

  const second = await syncOnce(source, target, "push");
  expect(second.frames).toEqual([">hello", "<welcome"]);
  expect(second.dialer.cursor).toEqual({ lsn: 60, head: 60 });

  await retitle(source, 7, "other");
  const third = await syncOnce(source, target, "push");
  expect(third.dialer.sent.revisions).toBe(1);
  expect(target.digest()).toBe(source.digest());
});

describe("a push to where everything was pulled from", () => {
  async function pulledAll(): Promise<[here: MemoryStore, there: MemoryStore]> {
    const [here, there] = [memoryStore("here"), memoryStore("there")];
    await addPackages(there, range(0, 60));
    await syncOnce(here, there, "pull");
    return [here, there];
  }

  test("sends what is new", async () => {
    const [here, there] = await pulledAll();
    await retitle(here, 7, "other");
    const run = await syncOnce(here, there, "push");
    expect(run.dialer).toMatchObject({ outcome: "ok", sent: { revisions: 1 } });
    const frames = ">hello <welcome <resume >start >batch >caughtUp <ack <ack >bye";
    expect(run.frames.join(" ")).toBe(frames);
    expect(there.digest()).toBe(here.digest());
    expect((await syncOnce(here, there, "push")).frames).toEqual([">hello", "<welcome"]);
  });

  test("sends nothing when nothing is new, and is known next time", async () => {
    const [here, there] = await pulledAll();
    const first = await syncOnce(here, there, "push");
    expect(first.frames).not.toContain(">batch");
    expect(first.dialer).toMatchObject({ outcome: "ok", cursor: { lsn: 60, head: 60 } });
    expect((await syncOnce(here, there, "push")).frames).toEqual([">hello", "<welcome"]);
  });

  test("sends little more than what is new when both went on", async () => {
    const [here, there] = await pulledAll();
    await addPackages(there, range(100, 103));
    await retitle(here, 7, "other");
    let duplicates = 0;
    const counting = withMethods(there, {
      apply: (batch) => {
        const outcome = there.apply(batch);
        duplicates += outcome.duplicates;
        return outcome;
      },
    });
    const run = await syncOnce(here, counting, "push");
    expect(run.dialer).toMatchObject({ outcome: "ok", sent: { revisions: 1 } });
    expect(duplicates).toBeLessThan(8);
  });
});

test("an empty source has nothing to say", async () => {
  const run = await syncOnce(memoryStore("target"), memoryStore("source"), "pull");
  expect(run.frames).toEqual([">hello", "<welcome"]);
  expect(run.dialer).toMatchObject({ outcome: "ok", cursor: { lsn: 0, head: 0 } });
});

test("a link that is removed and added again goes on at its old cursor", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 20));
  await syncOnce(target, source, "pull");
  target.removeLink("l");
  const again = await syncOnce(target, source, "pull");
  expect(again.frames).toEqual([">hello", "<welcome", ">bye"]);
  expect([again.dialer.outcome, again.acceptor.outcome]).toEqual(["ok", "ok"]);
});

test("the run is ok only after what came can be found", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 20));
  const covered: number[] = [];
  const beforeEnd = (lsn: number): Promise<void> => {
    covered.push(lsn);
    return Promise.resolve();
  };
  const run = await syncOnce(target, source, "pull", { run: { beforeEnd } });
  expect(run.dialer.outcome).toBe("ok");
  expect(covered).toEqual([20]);
});

test("runs are recorded, except a peer's question that found nothing", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 20));
  const first = await syncOnce(target, source, "pull");
  const second = await syncOnce(target, source, "pull");
  expect(target.runs({ limit: 10 })).toEqual([second.dialer, first.dialer]);
  expect(source.runs({ limit: 10 })).toEqual([first.acceptor]);
});

test("progress goes up to the end", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 400), { bytes: 4000 });
  const seen: { done: number; total: number }[] = [];
  const onProgress = (progress: { done: number; total: number }): void => void seen.push(progress);
  await syncOnce(target, source, "pull", { run: { onProgress } });
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.every(({ total }) => total === 400)).toBe(true);
  expect(seen.at(-1)).toMatchObject({ link: "l", direction: "pull", done: 400 });
});

test("a changeset over the frame limit travels in fragments and is stored at once", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  const big = "x".repeat(1_500_000);
  await source.author({
    author: "tester",
    message: "big",
    changes: range(0, 7).map((number) => ({
      kind: "put",
      object: uuidFor(`big ${number}`) as ObjectId,
      type: "package",
      content: { name: `big-${number}`, notes: `${number}${big}` },
      mode: "create",
    })),
  });
  await addPackages(source, range(0, 20));
  const applied: number[] = [];
  const watched = withMethods(target, {
    apply: (batch) => {
      applied.push(batch.bytes.length);
      return target.apply(batch);
    },
  });
  const run = await syncOnce(watched, source, "pull", {
    run: { codec: plainCodec },
    codec: plainCodec,
  });
  expect(run.dialer).toMatchObject({ outcome: "ok", received: { revisions: 27 } });
  expect(run.frames.filter((frame) => frame === "<batch")).toHaveLength(4);
  expect(applied).toHaveLength(2);
  expect(applied[0]).toBeGreaterThan(10_000_000);
  expect(target.digest()).toBe(source.digest());
});

test("a target in no hurry never holds more than the credit", async () => {
  const source = memoryStore("source");
  const target = memoryStore("target");
  await addPackages(source, range(0, 2000), { bytes: 6000 });
  let inside = 0;
  let insideMax = 0;
  const slow = withMethods(target, {
    apply: async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= batch.bytes.length;
      return target.apply(batch);
    },
  });
  const counting = withMethods(source, {
    readPage: (after, limits) => {
      const page = source.readPage(after, limits);
      inside += page?.bytes.length ?? 0;
      insideMax = Math.max(insideMax, inside);
      return page;
    },
  });
  const run = await syncOnce(slow, counting, "pull");
  expect(run.dialer.outcome).toBe("ok");
  expect(insideMax).toBeGreaterThan(2 * 1024 * 1024);
  // The window, the batch that began inside it, and the page that waits for credit.
  expect(insideMax).toBeLessThan(4 * 1024 * 1024 + 3 * BATCH_BYTES_MAX);
});

test("two sessions at once, and both directions at once, do no harm", async () => {
  const one = memoryStore("one");
  const two = memoryStore("two");
  await addPackages(one, range(0, 300), { bytes: 2000 });
  await addPackages(two, range(300, 400), { bytes: 2000 });
  const runs = await Promise.all([
    syncOnce(two, one, "pull"),
    syncOnce(two, one, "pull"),
    syncOnce(one, two, "push"),
    syncOnce(one, two, "pull"),
  ]);
  expect(runs.map(({ dialer }) => dialer.outcome)).toEqual(["ok", "ok", "ok", "ok"]);
  await syncOnce(two, one, "pull");
  await syncOnce(one, two, "pull");
  expect(one.digest()).toBe(two.digest());
  expect(one.counts()).toMatchObject({ revisions: 400, quarantined: 0 });
  expect(two.counts()).toMatchObject({ revisions: 400, quarantined: 0 });
});
