// Proves what an instance does that was set back, before it authors again: it asks the peers of all
// its links, whatever their direction, for what it authored itself, and takes nothing else than that
// and what it builds on; who does
// not answer is not waited for; and nobody is asked twice in an epoch.
import { describe, expect, test } from "vitest";
import { RECOVERY_MS_MAX } from "../../src/base/limits.ts";
import type { Timers } from "../../src/base/ports/timers.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Direction } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import type { Connection } from "../../src/sync/connection.ts";
import { acceptSync } from "../../src/sync/host/accept-sync.ts";
import { Recovery, type RecoveryEvent } from "../../src/sync/host/recovery.ts";
import type { Dial } from "../../src/sync/host/run-link.ts";
import { memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { namedScope } from "../../src/sync/scope-ref.ts";
import type { SessionEvent } from "../../src/sync/session/events.ts";
import type { SessionOptions } from "../../src/sync/session/options.ts";
import {
  accepting,
  frame,
  hello,
  looked,
  NO_DOUBT,
  opened,
  own,
  peerId,
  play,
  resultOf,
  rung,
  sent,
  welcome,
} from "./session-fixture.ts";
import {
  addPackages,
  copyOf,
  linkRow,
  memoryStore,
  range,
  retitle,
  seededRandom,
  syncOnce,
  tickingClock,
  withMethods,
} from "./world.ts";

const allow = { pull: true, push: true };

/** Dials stores by the addresses of links; `null` never answers. */
function dialing(peers: Readonly<Record<string, Store | null>>): Dial {
  return async (url, { signal }): Promise<Connection> => {
    const remote = peers[url];
    if (remote === undefined) throw new Error(`nobody at ${url}`);
    const pair = memoryPair({});
    if (remote !== null) {
      const ports = { clock: tickingClock(), timers: systemTimers, random: seededRandom(url) };
      void acceptSync({ store: remote, connection: pair.acceptor, allow, ...ports });
      return pair.dialer;
    }
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(new Error("too late")));
    });
  };
}

function recovering(
  store: MemoryStore,
  peers: Parameters<typeof dialing>[0],
  timers: Timers = systemTimers,
) {
  const events: RecoveryEvent[] = [];
  const recovery = new Recovery({
    store,
    dial: dialing(peers),
    clock: tickingClock(),
    timers,
    random: seededRandom("recovery"),
    onRecovery: (event) => events.push(event),
  });
  const edit = async (number: number, title: string): Promise<void> => {
    await recovery.ready();
    await retitle(store, number, title);
  };
  return { events, edit, ready: () => recovery.ready() };
}

/** A time that is over at once for who waits longest. */
const hurried: Timers = {
  after: (ms, run) => systemTimers.after(ms === RECOVERY_MS_MAX ? 20 : ms, run),
};

/** What a backup of `source` lost: 10 packages of its own, at `peer`; `peer` has one of its own. */
async function build(direction: Direction) {
  const [source, peer] = [memoryStore("source"), memoryStore("peer")];
  await addPackages(source, range(0, 20), { perChangeset: 2 });
  const pushes = direction === "pull" ? ("both" as const) : direction;
  await syncOnce(source, peer, pushes);
  const backup = copyOf(source, "backup");
  await addPackages(source, range(20, 30), { perChangeset: 2 });
  await retitle(source, 3, "lost");
  await syncOnce(source, peer, pushes);
  await addPackages(peer, range(50, 51));
  await retitle(peer, 5, "of the peer");
  const [link] = await backup.links();
  if (link === undefined) throw new Error("no link");
  backup.saveLink({ ...link, name: "peer", url: "peer", direction });
  backup.removeLink(link.name);
  backup.beginEpoch("restore");
  return { source, peer, backup };
}

describe.each(["pull", "push", "both"] as const)("over a link that goes %s", (direction) => {
  test("the own comes back before the first edit, and nothing else", async () => {
    const { source, peer, backup } = await build(direction);
    const before = [peer.head(), await peer.runs({ limit: 9 })];
    const { events, edit } = recovering(backup, { peer });
    await edit(3, "goes on");
    expect(events).toEqual([
      { kind: "asking", links: ["peer"] },
      { kind: "asked", answers: [{ link: "peer", received: 11 }] },
    ]);
    expect(backup.counts()).toMatchObject({ revisions: 32, openConflicts: 0, quarantined: 0 });
    for (const { id } of source.entries({ limit: 100 })) expect(backup.entry(id)).toBeDefined();
    expect(peer.head()).toEqual(before[0]);
    // It is known who was asked, and that the peer has not been heard in full.
    const asked = [peer.identity().instance];
    expect(backup.continuity().doubt).toEqual({ heard: [], asked, tried: true });
    expect(backup.runs({ limit: 9 })[0]).toMatchObject({ link: "peer", outcome: "ok" });
    // The edit builds on what came back.
    expect(backup.objects({ limit: 100 })).toHaveLength(30);
    for (const one of [backup, peer]) expect(one.verify().findings).toEqual([]);
  });

  test("the next edits ask nobody", async () => {
    const { peer, backup } = await build(direction);
    const { events, edit } = recovering(backup, { peer });
    await Promise.all([edit(3, "one"), edit(4, "two")]);
    await edit(4, "three");
    expect(events).toHaveLength(2);
    await recovering(backup, {}).edit(4, "four");
  });

  test("another sync brings both together", async () => {
    const { peer, backup } = await build(direction);
    const { edit } = recovering(backup, { peer });
    await edit(3, "goes on");
    expect((await syncOnce(backup, peer, "both")).dialer).toMatchObject({ outcome: "ok" });
    expect(backup.digest()).toBe(peer.digest());
    expect(backup.continuity().doubt?.heard).toEqual([peer.identity().instance]);
  });

  test("who does not answer in time holds nobody up for long, and is not asked again", async () => {
    const { peer, backup } = await build(direction);
    const { events, edit } = recovering(backup, { peer: null }, hurried);
    await edit(3, "goes on");
    await edit(3, "goes on and on");
    expect(events).toMatchObject([
      { kind: "asking" },
      { kind: "asked", answers: [{ link: "peer", received: 0, error: { code: "INTERRUPTED" } }] },
    ]);
    expect(backup.continuity().doubt).toEqual({ heard: [], tried: true });
    expect((await syncOnce(backup, peer, "both")).dialer).toMatchObject({ outcome: "ok" });
    expect(backup.digest()).toBe(peer.digest());
    expect(backup.counts()).toMatchObject({ openConflicts: 1, quarantined: 0 });
  });
});

/** An older version gives what somebody authored without what that builds on. */
function older(peer: MemoryStore): Store {
  const entries = peer.entries({ limit: 100 });
  const readPage: Store["readPage"] = (after, { only, ...limits }) => {
    const next =
      only && entries.find(({ lsn, text }) => lsn > after && text?.includes(`"${only}/`));
    if (next === undefined) return peer.readPage(after, { only, ...limits });
    const page = peer.readPage(next.lsn - 1, { ...limits, upTo: next.lsn });
    return page && { ...page, afterChain: peer.chainAt(page.after) as Uint8Array };
  };
  return withMethods(peer, { readPage });
}

test("where an older peer leaves out what the own builds on, a link that receives brings that", async () => {
  const [source, peer] = [memoryStore("source"), memoryStore("peer")];
  await addPackages(source, range(0, 4));
  await syncOnce(source, peer, "both");
  const backup = copyOf(source, "backup");
  await addPackages(peer, range(10, 12));
  await syncOnce(source, peer, "both");
  await retitle(source, 10, "by the source");
  await syncOnce(source, peer, "both");
  const [link] = await backup.links();
  if (link !== undefined) backup.saveLink({ ...link, url: "peer" });
  backup.beginEpoch("restore");
  const { edit, events } = recovering(backup, { peer: older(peer) });
  await edit(10, "goes on");
  expect(events.at(-1)).toMatchObject({ answers: [{ received: 3 }] });
  expect(backup.counts()).toMatchObject({ revisions: 8, openConflicts: 0, quarantined: 0 });
  expect(backup.continuity().doubt?.heard).toEqual([peer.identity().instance]);
});

test("where the own builds on what others authored, also a link that only sends brings that", async () => {
  const [other, source, peer] = [memoryStore("other"), memoryStore("source"), memoryStore("peer")];
  await addPackages(other, range(0, 3));
  const backup = copyOf(source, "backup");
  await syncOnce(other, source, "push");
  await retitle(source, 1, "by the source");
  await syncOnce(source, peer, "push");
  await retitle(peer, 1, "of the peer");
  backup.saveLink(linkRow("push", { name: "peer", url: "peer" }));
  backup.beginEpoch("restore");
  const { edit, events } = recovering(backup, { peer });
  await edit(1, "goes on");
  expect(events.at(-1)).toMatchObject({ answers: [{ received: 2 }] });
  expect(backup.counts()).toMatchObject({ revisions: 3, objects: { package: 1 }, quarantined: 0 });
  expect(backup.verify().findings).toEqual([]);
  expect((await syncOnce(backup, peer, "push")).dialer).toMatchObject({ outcome: "ok" });
  expect(backup.counts()).toMatchObject({ revisions: 3, quarantined: 0 });
});

test("what reaches the peer only later brings what it builds on, which the peer had before", async () => {
  const [other, source, peer] = [memoryStore("other"), memoryStore("source"), memoryStore("peer")];
  const third = memoryStore("third");
  await addPackages(source, range(10, 12));
  const backup = copyOf(source, "backup");
  await retitle(source, 10, "known to the peer");
  await syncOnce(source, peer, "push");
  await addPackages(other, range(0, 2));
  for (const one of [peer, source]) await syncOnce(other, one, "push");
  await retitle(peer, 11, "of the peer");
  await retitle(source, 1, "known to the third");
  await syncOnce(source, third, "push");
  backup.beginEpoch("restore");
  await syncOnce(backup, peer, "push");
  expect(backup.counts()).toMatchObject({ revisions: 3 });
  await syncOnce(third, peer, "push");
  expect((await syncOnce(backup, peer, "push")).dialer).toMatchObject({ outcome: "ok" });
  expect(backup.counts()).toMatchObject({ revisions: 5, quarantined: 0 });
});

test("two that were both set back get back what each of them lost", async () => {
  const [a, b, hub] = [memoryStore("a"), memoryStore("b"), memoryStore("hub")];
  await addPackages(a, range(0, 4));
  await syncOnce(a, b, "both");
  const [oldA, oldB] = [copyOf(a, "old a"), copyOf(b, "old b")];
  await retitle(a, 1, "lost by a");
  await retitle(b, 2, "lost by b");
  for (const one of [a, b]) await syncOnce(one, hub, "push");
  for (const old of [oldA, oldB]) {
    old.saveLink(linkRow("push", { name: "hub", url: "hub" }));
    old.beginEpoch("restore");
  }
  await recovering(oldA, { hub, "memory:": oldB }).edit(3, "a goes on");
  await recovering(oldB, { hub, "memory:": oldA }).edit(3, "b goes on");
  await syncOnce(oldA, oldB, "both");
  expect(oldA.digest()).toBe(oldB.digest());
  expect(oldA.counts()).toMatchObject({ openConflicts: 1, quarantined: 0 });
  for (const { id } of hub.entries({ limit: 100 })) expect(oldB.entry(id)).toBeDefined();
});

describe("asking for the own alone", () => {
  const doubt = { ...NO_DOUBT, recovers: true };
  const doubtful = { ...looked(0, [rung(20)]), standing: doubt } as SessionEvent;
  const asking: SessionOptions = {
    ...{ role: "dialer", identity: own, direction: "pull", peer: peerId },
    ...{ scope: namedScope(), isOwnOnly: true },
  };

  test("says so, without a position in what others wrote", () => {
    const [message] = sent(play(asking, opened, doubtful));
    expect(message).toMatchObject({ m: "hello", want: "pull", recover: true, own: true });
    expect(message).not.toHaveProperty("rung");
  });

  test("of a peer that does not know how ends the session before anything travels", () => {
    const knows = { ...welcome, removals: true };
    const effects = play(asking, opened, doubtful, frame(knows));
    expect(resultOf(effects)).toMatchObject({ error: { code: "LINK_UNSUPPORTED" } });
    const resumed = play(asking, opened, doubtful, frame({ ...knows, own: true }));
    expect(sent(resumed)).toMatchObject([{ m: "resume", ladder: [] }]);
  });

  test("is answered also where peers may not pull, and only who lost something", () => {
    const options = accepting({ pull: false, push: true });
    const asked = { ...hello, want: "pull", own: true, removals: "known" };
    const told = play(options, opened, frame({ ...asked, recover: true }), looked(50));
    expect(sent(told)).toMatchObject([{ m: "welcome", own: true }]);
    const refused = play(options, opened, frame(asked));
    expect(resultOf(refused)).toMatchObject({ error: { code: "NOT_ALLOWED" } });
  });
});

test("only looking for what is lost gives no other copy up", async () => {
  const { source, peer, backup } = await build("both");
  await recovering(backup, { peer }).edit(4, "in the copy");
  expect((await syncOnce(source, peer, "both")).dialer).toMatchObject({ outcome: "ok" });
  // The two copies are noticed as soon as both sync.
  await syncOnce(backup, peer, "both");
  expect((await syncOnce(source, peer, "both")).dialer.error?.code).toBe("SAME_IDENTITY");
});

test("an instance that was never in doubt, and one with an identity of its own, ask nobody", async () => {
  const { backup } = await build("both");
  backup.becomeNew("new");
  for (const store of [memoryStore("fresh"), backup]) {
    const { events, ready } = recovering(store, {});
    await ready();
    expect(events).toEqual([]);
  }
});
