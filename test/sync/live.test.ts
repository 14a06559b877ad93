// Proves what a live session does, with the real session over memory connections: it stays, carries
// what is committed on either side, says nothing when nothing happens, and its run says how it ended.
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Json } from "../../src/base/json.ts";
import { DEFAULT_POLICY } from "../../src/merge/policy.ts";
import { encodeControl } from "../../src/protocol/control.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { LiveRegister } from "../../src/sync/host/live-register.ts";
import { liveSession, until } from "./live-world.ts";
import { addPackages, memoryStore, range, retitle, syncOnce, uuidFor } from "./world.ts";

const by = { author: "ana", message: "m" };

const isEqual = (a: MemoryStore, b: MemoryStore) => (): boolean => a.digest() === b.digest();

/** Some time in which nothing may happen. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

describe("a live session", () => {
  for (const direction of ["pull", "push", "both"] as const) {
    test(`over ${direction} carries what is committed later`, async () => {
      const [a, b] = [memoryStore("a"), memoryStore("b")];
      const source = direction === "push" ? a : b;
      await addPackages(source, range(0, 5));
      const session = await liveSession(a, b, direction);
      expect(a.digest()).toBe(b.digest());
      for (const n of range(5, 10)) {
        await addPackages(source, [n]);
        await until(isEqual(a, b));
      }
      if (direction === "both") {
        await retitle(a, 1, "from a");
        await until(isEqual(a, b));
      }
      await quiet();
      session.stop("dialer");
      const [dialer, acceptor] = [await session.dialer, await session.acceptor];
      expect(dialer).toMatchObject({ outcome: "ok", direction });
      expect(acceptor).toMatchObject({ outcome: "ok" });
      const carried = direction === "push" ? dialer.sent : dialer.received;
      expect(carried).toMatchObject({ revisions: 10, objects: 10 });
      if (direction === "both") expect(dialer.sent).toMatchObject({ revisions: 1, objects: 1 });
      expect(session.frames.at(-1)).toBe(">bye");
      expect(a.verify().findings).toEqual([]);
    });
  }

  test("says nothing when nothing happens, and nothing of what came from the peer", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 3));
    const session = await liveSession(a, b, "both");
    await quiet();
    const before = session.frames.length;
    await quiet();
    expect(session.frames.slice(before)).toEqual([]);
    await retitle(a, 1, "later");
    await until(isEqual(a, b));
    await quiet();
    expect(session.frames.slice(before)).toEqual([">batch", ">caughtUp", "<ack", "<ack"]);
    session.stop("dialer");
  });

  test("carries a purge and a policy that appear meanwhile, ahead of revisions", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 3));
    const session = await liveSession(a, b, "both");
    const object = uuidFor("package 1") as ObjectId;
    const before = session.frames.length;
    a.author({ ...by, changes: [{ kind: "purge", object, reason: "r" }] });
    await until(isEqual(a, b));
    await quiet();
    const said = session.frames.slice(before);
    expect(said[0]).toBe(">purges");
    expect(said.filter((frame) => frame.endsWith("purges"))).toHaveLength(1);
    const policy = { ...DEFAULT_POLICY, deletes: "delete-wins" } as unknown as Json;
    b.changePolicy({ ...by, policy });
    await until(() => a.policies().inForce.hash === b.policies().inForce.hash);
    await quiet();
    const after = session.frames.length;
    await quiet();
    expect(session.frames.slice(after)).toEqual([]);
    session.stop("acceptor");
    expect(await session.dialer).toMatchObject({ outcome: "ok" });
    expect(b.counts()).toMatchObject({ purged: 1 });
  });

  test("goes with what was committed while it began", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(b, range(0, 50));
    const opening = liveSession(a, b, "pull");
    for (const n of range(50, 60)) await addPackages(b, [n]);
    const session = await opening;
    await until(isEqual(a, b));
    session.stop("dialer");
  });

  test("ends interrupted when the connection is lost, and its record never says otherwise", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(b, range(0, 5));
    const session = await liveSession(a, b, "pull");
    await until(() => a.runs({ limit: 1 }).length > 0);
    expect(a.runs({ limit: 1 })[0]).toMatchObject({
      outcome: "interrupted",
      received: { revisions: 5 },
    });
    await addPackages(b, range(5, 7));
    await until(isEqual(a, b));
    session.cut();
    const run = await session.dialer;
    expect(run).toMatchObject({ outcome: "interrupted", error: { code: "DISCONNECTED" } });
    expect(run).toMatchObject({ received: { revisions: 7 }, cursor: { lsn: 7, head: 7 } });
    expect(a.runs({ limit: 9 })).toEqual([run]);
    expect(await session.acceptor).toMatchObject({ outcome: "interrupted" });
  });

  test("stopped before everything had come, it is interrupted", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(b, range(0, 500), { bytes: 20_000 });
    const stop = new AbortController();
    const stopping = a.subscribe(() => stop.abort());
    const session = await liveSession(a, b, "pull", { signal: stop.signal });
    stopping();
    const run = await session.dialer;
    expect(run).toMatchObject({ outcome: "interrupted", error: { code: "INTERRUPTED" } });
    expect(run.cursor.lsn).toBeLessThan(run.cursor.head);
    expect(await session.acceptor).toMatchObject({ outcome: "interrupted" });
  });

  test("a peer that does not stay gets what a one-time sync carries", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(b, range(0, 5));
    // A peer of before: it reads HELLO as it knows it.
    const forget = (frame: string | Uint8Array): string | Uint8Array => {
      if (typeof frame !== "string" || !frame.startsWith('{"m":"hello"')) return frame;
      const { live, link, sum, ...hello } = JSON.parse(frame);
      return encodeControl(hello);
    };
    for (const _time of ["first", "again"]) {
      const { dialer } = await syncOnce(a, b, "both", { run: { live: {} }, alter: forget });
      expect(dialer).toMatchObject({ outcome: "ok" });
      expect(a.digest()).toBe(b.digest());
    }
  });

  test("a newer connection of a link ends the older one; of another link, it stands beside", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(b, range(0, 5));
    const register = new LiveRegister();
    const first = await liveSession(a, b, "pull", { register });
    const other = await liveSession(a, b, "pull", { register, link: "m" });
    const second = await liveSession(a, b, "pull", { register });
    expect(await first.dialer).toMatchObject({ outcome: "ok" });
    expect(register.size).toBe(2);
    await addPackages(b, range(5, 9));
    await until(isEqual(a, b));
    for (const { stop } of [other, second]) stop("dialer");
    await Promise.all([other.acceptor, second.acceptor]);
    expect(register.size).toBe(0);
  });
});
