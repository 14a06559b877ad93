// Proves what a link does that drops what leaves its scope: what left goes, unless only this instance
// has it or another link carries it; it comes again whole; nobody else hears of it; too much at once is
// held; and a process that dies in between, or an interrupted run, loses nothing.
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { InstanceId, ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";

import { parseScope } from "../../src/scope/parse-scope.ts";
import type { Direction, LinkRow, RunRow } from "../../src/store/rows.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import {
  linkRow,
  memoryStore,
  range,
  type SyncOptions,
  seededRandom,
  syncOnce,
  tickingClock,
  uuidFor,
  withMethods,
} from "./world.ts";

const id = (what: string): ObjectId => uuidFor(what) as ObjectId;
const PARKS = { groups: ["parks"] };
const GREEN = { tags: ["green"] };

interface How extends SyncOptions {
  readonly direction?: Direction;
  readonly scope?: JsonObject;
  readonly keeps?: true;
}

/** Runs a link that drops what leaves, and keeps it. */
async function sync(here: Store, there: Store, how: How = {}): Promise<RunRow> {
  const { direction = "pull", scope = PARKS, ...options } = how;
  const text = canonicalize({ ...parseScope(scope) } as JsonObject);
  const name = `l-${Object.keys(scope).join("-")}`;
  const peer = (await there.identity()).instance;
  const drops = how.keeps ? {} : ({ onLeave: "drop" } as const);
  const known = { name, scope: text, peer, ...drops };
  const { onLeave: _, ...before } = (await here.links()).find((one) => one.name === name) ?? {
    ...linkRow(direction),
  };
  const link: LinkRow = { ...before, direction, ...known, ...options.link };
  await here.saveLink(link);
  return (await syncOnce(here, there, direction, { ...options, link })).dialer;
}

async function create(store: Store, type: string, name: string, more: JsonObject = {}) {
  const content = { name, title: `Title of ${name}`, ...more };
  const change = { kind: "put", object: id(name), type, content, mode: "create" } as const;
  await store.author({ author: "ann", message: "m", changes: [change] });
}

async function set(store: Store, name: string, value: JsonObject): Promise<void> {
  const change = { kind: "set", object: id(name), value } as const;
  await store.author({ author: "ann", message: "m", changes: [change] });
}

const parks = { groups: { [id("parks")]: true } };
const green = { tags: { [id("green")]: true } };

async function patch(store: Store, name: string, ...writes: readonly JsonObject[]): Promise<void> {
  const change = { kind: "patch", object: id(name), patch: writes } as const;
  await store.author({ author: "ann", message: "m", changes: [change] });
}

const leave = (store: Store, name: string): Promise<void> =>
  patch(store, name, { op: "remove", path: "/groups" });
const enter = (store: Store, name: string): Promise<void> =>
  patch(store, name, { op: "add", path: "/groups", value: parks.groups });
const color = (store: Store, name: string): Promise<void> =>
  patch(store, name, { op: "add", path: "/tags", value: green.tags });

async function fill(store: Store, packages = 3): Promise<void> {
  await create(store, "group", "parks");
  await create(store, "tag", "green");
  for (const n of range(0, packages)) await create(store, "package", `p${n}`, parks);
}

async function names(store: Store): Promise<string[]> {
  const rows = await store.objects({ limit: 1000 });
  return rows.map(({ name }) => name ?? "").sort();
}

/** What somebody holds who pulls the scope for the first time. */
async function digestOfNewcomer(there: Store, scope = PARKS): Promise<string> {
  const newcomer = memoryStore("newcomer");
  expect((await sync(newcomer, there, { scope })).outcome).toBe("ok");
  return newcomer.digest();
}

const STORES = {
  memory: (name: string): Store => memoryStore(name),
  sqlite: (name: string): Store => {
    const [instance, epoch] = [uuidFor(`instance ${name}`) as InstanceId, uuidFor(`e ${name}`)];
    const ports = { clock: tickingClock(), random: seededRandom(name) };
    return SqliteStore.create(":memory:", { identity: { instance, name, epoch }, ...ports });
  },
} as const;

describe.each(Object.entries(STORES))("a link that drops, with stores in %s", (_name, make) => {
  async function sides(): Promise<[there: Store, here: Store]> {
    const [there, here] = [make("a"), make("b")];
    await fill(there);
    expect(await sync(here, there)).toMatchObject({ outcome: "ok", refused: [] });
    return [there, here];
  }

  test("holds what somebody holds who pulls the scope for the first time", async () => {
    const [there, here] = await sides();
    await color(there, "p0");
    await sync(here, there);
    expect(await names(here)).toEqual(["green", "p0", "p1", "p2", "parks"]);
    await leave(there, "p0");
    const before = [await there.head(), await there.digest()];
    const run = await sync(here, there);
    expect(run).toMatchObject({ outcome: "ok", left: { dropped: 2, kept: 0 } });
    expect(await names(here)).toEqual(["p1", "p2", "parks"]);
    expect(await here.digest()).toBe(await digestOfNewcomer(there));
    expect([await there.head(), await there.digest()]).toEqual(before);
    expect((await here.verify()).findings).toEqual([]);
    const quiet = await sync(here, there);
    expect([quiet.outcome, quiet.left]).toEqual(["ok", undefined]);
  });

  test("has a cursor again also where the log begins with much that is outside", async () => {
    const [there, here] = [make("a"), make("b")];
    for (const n of range(0, 6)) await create(there, "package", `outside${n}`);
    await fill(there);
    const both = [PARKS, GREEN];
    for (const scope of both) await sync(here, there, { scope });
    await color(there, "p0");
    for (const scope of both) await sync(here, there, { scope });
    // What leaves both is dropped by one of them, and the other's cursor is emptied.
    await leave(there, "p0");
    await patch(there, "p0", { op: "remove", path: "/tags" });
    for (let round = 0; round < 3; round++)
      for (const scope of both) await sync(here, there, { scope });
    for (const scope of both) {
      const { received, bytes } = await sync(here, there, { scope });
      expect(received.revisions).toBe(0);
      expect(bytes.in).toBeLessThan(700);
    }
  });

  test("gets it again whole, as often as it enters", async () => {
    const [there, here] = await sides();
    for (const n of range(0, 3)) {
      await leave(there, "p0");
      await set(there, "p0", { title: `Out of sight ${n}` });
      expect((await sync(here, there)).left).toEqual({ dropped: 1, kept: 0 });
      expect(await here.object(id("p0"))).toBeUndefined();
      await enter(there, "p0");
      expect(await sync(here, there)).toMatchObject({ outcome: "ok", refused: [] });
      expect(await here.digest()).toBe(await digestOfNewcomer(there));
      expect((await here.object(id("p0")))?.heads).toEqual((await there.object(id("p0")))?.heads);
    }
    expect((await here.verify()).findings).toEqual([]);
  });

  test("both ways: an edit made here comes back with it", async () => {
    const [there, here] = await sides();
    const both = { direction: "both" } as const;
    await set(here, "p0", { title: "Of B" });
    await sync(here, there, both);
    await leave(there, "p0");
    expect((await sync(here, there, both)).left).toEqual({ dropped: 1, kept: 0 });
    await enter(there, "p0");
    expect(await sync(here, there, both)).toMatchObject({ outcome: "ok", refused: [] });
    expect((await here.object(id("p0")))?.text).toContain("Of B");
    expect(await here.digest()).toBe(await digestOfNewcomer(there));
    await set(here, "p0", { title: "Of B again" });
    await sync(here, there, both);
    expect((await there.object(id("p0")))?.text).toContain("Of B again");
  });

  test("keeps what has edits that the source does not know, and what was made here", async () => {
    const [there, here] = await sides();
    await set(here, "p0", { title: "Mine" });
    await leave(there, "p0");
    await leave(there, "p1");
    expect((await sync(here, there)).left).toEqual({ dropped: 1, kept: 1 });
    expect(await names(here)).toEqual(["p0", "p2", "parks"]);
    const [peer, hash] = [(await there.identity()).instance, (await here.departures())[0]?.scope];
    const left = await here.leaving({ source: peer, scope: hash as string });
    expect(left).toEqual([{ object: id("p0"), isLive: true, stays: "edited" }]);
    await enter(there, "p0");
    await sync(here, there);
    expect(await here.departures()).toEqual([]);
    expect((await here.object(id("p0")))?.heads).toHaveLength(2);
  });

  test("leaves what is in the scope of another link, until it leaves that, too", async () => {
    const [there, here] = await sides();
    await color(there, "p0");
    await sync(here, there);
    await sync(here, there, { scope: GREEN });
    await leave(there, "p0");
    expect((await sync(here, there)).left).toEqual({ dropped: 0, kept: 2 });
    expect(await names(here)).toContain("p0");
    await set(there, "p0", { title: "Still green" });
    expect(await sync(here, there, { scope: GREEN })).toMatchObject({ outcome: "ok", refused: [] });
    expect((await here.object(id("p0")))?.text).toContain("Still green");
    await patch(there, "p0", { op: "remove", path: "/tags" });
    expect((await sync(here, there, { scope: GREEN })).left?.dropped).toBe(1);
    expect(await names(here)).toEqual(["green", "p1", "p2", "parks"]);
  });

  test("gets whole again what another peer has within its link, also unchanged", async () => {
    const [there, here] = await sides();
    const third = make("c");
    await sync(third, there);
    const how = { direction: "both", scope: { types: ["package"] } } as const;
    await sync(here, third, how);
    await leave(there, "p0");
    expect((await sync(here, there)).left?.dropped).toBe(1);
    expect(await sync(here, third, how)).toMatchObject({ outcome: "ok", refused: [] });
    expect(await names(here)).toContain("p0");
    await set(third, "p0", { title: "Of C" });
    expect(await sync(here, third, how)).toMatchObject({ outcome: "ok", refused: [] });
    expect((await here.object(id("p0")))?.text).toContain("Of C");
    expect((await sync(here, third, how)).bytes.in).toBeLessThan(1000);
    expect((await sync(here, there)).left).toBeUndefined();
    expect(await names(here)).toContain("p0");
  });

  test("gets whole again what a peer pushes here", async () => {
    const [there, here] = await sides();
    const third = make("c");
    await sync(third, there);
    const push = { direction: "push", scope: {}, keeps: true } as const;
    await sync(third, here, push);
    await leave(there, "p0");
    expect((await sync(here, there)).left?.dropped).toBe(1);
    expect(await sync(third, here, push)).toMatchObject({ outcome: "ok", refused: [] });
    expect(await names(here)).toContain("p0");
    expect((await sync(third, here, push)).bytes.out).toBeLessThan(1000);
  });

  test("gets whole again what its link carries as before, once it is widened again", async () => {
    const [there, here] = await sides();
    const wide = { keeps: true, scope: {} } as const;
    await sync(here, there, wide);
    await here.removeLink("l-");
    await leave(there, "p0");
    expect((await sync(here, there)).left?.dropped).toBe(1);
    expect(await sync(here, there, wide)).toMatchObject({ outcome: "ok", refused: [] });
    expect(await here.digest()).toBe(await there.digest());
    expect((await sync(here, there, wide)).bytes.in).toBeLessThan(1000);
  });

  test("tells nobody else", async () => {
    const [there, here] = await sides();
    const third = make("c");
    await sync(third, here);
    const digest = await third.digest();
    await leave(there, "p0");
    await sync(here, there);
    expect(await sync(third, here)).toMatchObject({ outcome: "ok", refused: [] });
    expect(await third.digest()).toBe(digest);
    expect(await third.departures()).toEqual([]);
    await enter(there, "p0");
    await sync(here, there);
    expect(await sync(third, here)).toMatchObject({ outcome: "ok", refused: [] });
    expect(await third.digest()).toBe(await here.digest());
  });

  test("drops what is left over from a process that died", async () => {
    const [there, here] = await sides();
    await leave(there, "p0");
    const dies = withMethods(here, {
      dropLeft: () => {
        throw new Error("killed");
      },
    });
    expect((await sync(dies, there)).outcome).toBe("failed");
    expect(await names(here)).toContain("p0");
    expect(await sync(here, there)).toMatchObject({ outcome: "ok", left: { dropped: 1, kept: 0 } });
    expect(await here.digest()).toBe(await digestOfNewcomer(there));
  });

  test("gets back what it drops while it sends that to another peer", async () => {
    const [there, here] = await sides();
    const hub = make("hub");
    await leave(there, "p0");
    let isFirst = true;
    const meanwhile = withMethods(hub, {
      async apply(batch) {
        if (isFirst) {
          isFirst = false;
          expect((await sync(here, there)).left).toEqual({ dropped: 1, kept: 0 });
        }
        return hub.apply(batch);
      },
    });
    const all = { direction: "both", scope: {}, keeps: true } as const;
    expect((await sync(here, meanwhile, all)).outcome).toBe("ok");
    expect((await sync(here, hub, all)).outcome).toBe("ok");
    expect(await names(hub)).toContain("p0");
    expect(await names(here)).toContain("p0");
    expect(await here.digest()).toBe(await hub.digest());
  });

  test("ends when it is stopped while what left is counted", async () => {
    const [there, here] = await sides();
    await leave(there, "p0");
    await set(there, "p1", { title: "after it" });
    const stopping = new AbortController();
    let isNoted = false;
    const counts = withMethods(here, {
      async noteLeft(note) {
        await here.noteLeft(note);
        isNoted = true;
      },
      async leaving(where) {
        if (isNoted) stopping.abort();
        await new Promise((later) => setTimeout(later, 5));
        return here.leaving(where);
      },
    });
    const stopped = await sync(counts, there, { run: { signal: stopping.signal } });
    expect(stopped.outcome).toBe("interrupted");
    expect(await sync(here, there)).toMatchObject({ outcome: "ok", left: { dropped: 1, kept: 0 } });
  });

  test("drops what left before it was told to", async () => {
    const [there, here] = await sides();
    await leave(there, "p0");
    await sync(here, there, { keeps: true });
    expect(await names(here)).toContain("p0");
    expect((await sync(here, there)).left).toEqual({ dropped: 1, kept: 0 });
  });

  test("cut off after each frame, it goes on and misses nothing", async () => {
    const [there, here] = await sides();
    for (let frames = 1; frames < 14; frames++) {
      await (frames % 2 === 0 ? enter : leave)(there, "p0");
      await set(there, "p1", { title: `${frames}` });
      let left = frames;
      const alter = (frame: string | Uint8Array): string | Uint8Array => {
        left -= 1;
        return left < 0 ? "cut" : frame;
      };
      await sync(here, there, { alter });
    }
    expect(await sync(here, there)).toMatchObject({ outcome: "ok", refused: [] });
    expect(await here.digest()).toBe(await digestOfNewcomer(there));
    expect((await here.verify()).findings).toEqual([]);
  });
});
