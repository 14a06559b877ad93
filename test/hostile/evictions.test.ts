// Proves that EVICT in the hands of a malicious source does no harm: what is not here, or never came
// from it, is not touched; evicting everything, to have it dropped, is held; and a flood ends the run.
import { expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import { LEFT_WAITING_MAX } from "../../src/base/limits.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { LinkRow, RunRow } from "../../src/store/rows.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { Staging } from "../../src/sync/session/staging.ts";
import {
  addPackages,
  linkRow,
  memoryStore,
  range,
  seededRandom,
  syncOnce,
  tickingClock,
  uuidFor,
} from "../sync/world.ts";
import { Attacker, CHAIN_0, eveId, WELCOME } from "./attacker.ts";

const ids = (from: number, to: number): ObjectId[] =>
  range(from, to).map((n) => uuidFor(`package ${n}`) as ObjectId);

/** Somebody with 50 packages of his own and 50 of a friend's. */
async function victim(): Promise<MemoryStore> {
  const [store, friend] = [memoryStore("victim"), memoryStore("friend")];
  await addPackages(store, range(0, 50));
  await addPackages(friend, range(50, 100));
  await syncOnce(store, friend, "pull");
  return store;
}

/** Runs a link of the victim's with Eve, who evicts what she likes. */
async function evicted(
  store: MemoryStore,
  link: Partial<LinkRow>,
  objects: readonly string[],
): Promise<RunRow> {
  const { dialer, acceptor } = memoryPair();
  const eve = new Attacker(acceptor);
  const ports = { clock: tickingClock(), timers: systemTimers, random: seededRandom("v") };
  const row = linkRow("pull", { name: "eve", ...link });
  const running = runLink({ store, link: row, dial: () => Promise.resolve(dialer), ...ports });
  await eve.heard("hello");
  eve.say({ ...WELCOME, head: [1, "ab".repeat(16)], removals: true });
  await eve.heard("resume");
  eve.say({ m: "start", from: 0, to: 0 });
  for (let at = 0; at < objects.length; at += 1000) {
    eve.say({ m: "evict", objects: objects.slice(at, at + 1000) });
  }
  eve.say({ m: "caughtUp", lsn: 0, chain: CHAIN_0 });
  const run = await Promise.race([running, eve.leave().then(() => running)]);
  return run;
}

const SCOPE = canonicalize({ groups: ["parks"] });
const LINKS: readonly [string, Partial<LinkRow>][] = [
  ["without a scope, keeping", {}],
  ["without a scope, dropping", { onLeave: "drop" }],
  ["with a scope, keeping", { scope: SCOPE }],
  ["with a scope, dropping", { scope: SCOPE, onLeave: "drop" }],
];
const WHAT: readonly [string, readonly string[]][] = [
  ["what is not here", ids(500, 600)],
  ["what is the victim's own", ids(0, 50)],
  ["what a friend sent", ids(50, 100)],
  ["everything, twice", [...ids(0, 100), ...ids(0, 100)]],
  ["one thing a thousand times", Array.from({ length: 1000 }, () => ids(0, 1)[0] as string)],
];
const CASES = LINKS.flatMap(([how, link]) =>
  WHAT.map(([what, of]) => [what, how, link, of] as const),
);

test.each(CASES)("evicting %s takes nothing: %s", async (_what, _how, link, objects) => {
  const store = await victim();
  const before = [store.head(), store.digest(), store.counts().objects];
  const run = await evicted(store, link, objects);
  expect(run.outcome).toBe("ok");
  expect([store.head(), store.digest(), store.counts().objects]).toEqual(before);
  expect(store.verify().findings).toEqual([]);
  for (const { peer } of store.departures()) expect(peer).toBe(eveId);
});

test("a source that evicts all that it sent, to have it dropped, is held", async () => {
  const [store, eve] = [memoryStore("victim"), memoryStore("eve")];
  await addPackages(eve, range(0, 100));
  const link = { onLeave: "drop", scope: null } as const;
  await syncOnce(store, eve, "pull", { link });
  const digest = store.digest();
  const changes = ids(0, 100).map((object) => {
    return { kind: "set", object, value: { private: true } } as const;
  });
  eve.author({ author: "eve", message: "m", changes });
  const { dialer } = await syncOnce(store, eve, "pull", { link });
  expect(dialer).toMatchObject({ outcome: "held", error: { code: "REMOVALS_HELD" } });
  expect(store.digest()).toBe(digest);
});

test("a source that builds on what was made here, and evicts it, takes nothing", async () => {
  const [store, eve] = [memoryStore("victim"), memoryStore("eve")];
  await addPackages(store, range(0, 10));
  const link = { onLeave: "drop" } as const;
  await syncOnce(store, eve, "both", { link });
  const hide = (title: string) =>
    ids(0, 10).map((object) => ({ kind: "set", object, value: { title, private: true } }) as const);
  const changes = hide("Eve's").map((one) => ({ ...one, value: { title: "Eve's" } }));
  eve.author({ author: "eve", message: "m", changes });
  await syncOnce(store, eve, "both", { link });
  eve.author({ author: "eve", message: "m", changes: hide("Hidden") });
  const { dialer } = await syncOnce(store, eve, "both", { link });
  expect(dialer).toMatchObject({ outcome: "ok", left: { dropped: 0, kept: 10 } });
  expect(store.liveObjects()).toBe(10);
});

test("word of what left that nobody can take down any more ends the run", () => {
  const staging = new Staging();
  const page = ids(0, 1000);
  const flood = (): void => {
    for (let sent = 0; sent <= LEFT_WAITING_MAX; sent += page.length) {
      staging.putLeft({ objects: page });
    }
  };
  expect(flood).toThrow(expect.objectContaining({ code: "PROTOCOL_ERROR" }));
  const honest = new Staging();
  for (let sent = 0; sent <= 2 * LEFT_WAITING_MAX; sent += page.length) {
    honest.putLeft({ objects: page });
    expect(honest.take()?.left?.objects).toHaveLength(page.length);
  }
});
