// Proves that instances of different versions sync: a peer that also speaks a later protocol comes
// to terms with this one, a peer that speaks none of this one's is told why not; and records of a
// newer schema or algorithm go through an instance that does not know it, both ways.
import { expect, test } from "vitest";
import { encodeControl } from "../../src/protocol/control.ts";
import { OWN_VERSIONS } from "../../src/protocol/version.ts";
import { LATEST } from "../../src/scenario/world/editions.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import {
  addPackages,
  memoryStore,
  range,
  retitle,
  seededRandom,
  syncOnce,
  tickingClock,
} from "./world.ts";

/** Gives HELLO another range of versions on its way, and what a later one may add to it. */
function speaking(v: readonly [number, number]) {
  return (frame: string | Uint8Array): string | Uint8Array => {
    if (typeof frame !== "string" || !frame.startsWith('{"m":"hello"')) return frame;
    const { sum: _, ...hello } = JSON.parse(frame);
    return encodeControl({ ...hello, v, later: { codecs: ["zstd"] } } as never);
  };
}

const [oldest, newest] = OWN_VERSIONS;

test.each(["pull", "push", "both"] as const)(
  "a peer that speaks one version more: %s",
  async (way) => {
    const [one, other] = [memoryStore("one"), memoryStore("other")];
    await addPackages(one, range(0, 5));
    await addPackages(other, range(5, 10));
    const alter = speaking([oldest, newest + 1]);
    const { dialer, acceptor } = await syncOnce(one, other, way, { alter });
    expect([dialer.outcome, acceptor.outcome]).toEqual(["ok", "ok"]);
    const added = way === "both" ? 10 : 0;
    expect(dialer.received.objects + dialer.sent.objects).toBe(way === "both" ? added : 5);
  },
);

test("a peer that speaks later versions only is refused, and hears both ranges", async () => {
  const alter = speaking([newest + 1, newest + 2]);
  const { dialer } = await syncOnce(memoryStore("one"), memoryStore("other"), "pull", { alter });
  expect(dialer).toMatchObject({ outcome: "refused", error: { code: "PROTOCOL_VERSION" } });
  expect(dialer.error?.message).toContain(`versions ${newest + 1} to ${newest + 2}`);
  expect(dialer.error?.message).toContain(`this one version ${newest}`);
});

/** A store of a program that knows more. */
function newerStore(name: string): MemoryStore {
  const identity = memoryStore(name).identity();
  const ports = { clock: tickingClock(), random: seededRandom(name) };
  return new MemoryStore({ identity, ...ports, edition: LATEST });
}

test("HELLO and WELCOME say what the programs know", async () => {
  const frames: string[] = [];
  const alter = (frame: string | Uint8Array): string | Uint8Array => {
    if (typeof frame === "string") frames.push(frame);
    return frame;
  };
  const run = { edition: LATEST };
  await syncOnce(newerStore("newer"), memoryStore("older"), "pull", { alter, run });
  const said = frames.map((frame) => JSON.parse(frame)).filter(({ m }) => /hello|welcome/.test(m));
  const versions = said.map(({ m, schema, algo }) => [m, schema, algo]);
  expect(versions).toEqual([
    ["hello", 2, 2],
    ["welcome", 1, 1],
  ]);
});

test("newer records cross an older instance, both ways, and a quiet network sends nothing", async () => {
  const [one, old, other] = [newerStore("one"), memoryStore("old"), newerStore("other")];
  await addPackages(old, range(0, 3));
  await syncOnce(one, old, "both");
  await syncOnce(other, old, "both");
  await retitle(one, 0, "One");
  await retitle(other, 0, "Other");
  await retitle(old, 0, "Old");
  await retitle(one, 1, "One alone");
  for (let round = 0; round < 2; round++) {
    await syncOnce(one, old, "both");
    await syncOnce(other, old, "both");
  }
  expect(old.counts()).toMatchObject({ parked: 2, openConflicts: 0, quarantined: 0 });
  expect(one.counts()).toMatchObject({ parked: 0, openConflicts: 1, quarantined: 0 });
  expect(one.digest()).toBe(other.digest());
  expect(one.digest()).not.toBe(old.digest());
  const { dialer, frames } = await syncOnce(one, old, "both");
  expect(dialer).toMatchObject({ outcome: "ok", received: { revisions: 0 } });
  expect(frames).toEqual([">hello", "<welcome"]);
  const updated = new MemoryStore(
    {
      identity: old.identity(),
      clock: tickingClock(),
      random: seededRandom("old"),
      edition: LATEST,
    },
    old,
  );
  expect(updated.digest()).toBe(one.digest());
  expect(updated.conflicts({ limit: 10 })).toEqual(one.conflicts({ limit: 10 }));
  expect(updated.verify().findings).toEqual([]);
});
