// Proves that a sync does not remove more at once than its link allows: an honest source is held
// before anything changes, a lying or old one before the batch that is too much; a first sync of a
// catalog with many long-deleted objects is not held, nor what comes back, nor what was edited here.
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import { decodeControl, encodeControl } from "../../src/protocol/control.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Direction, LinkRow } from "../../src/store/rows.ts";
import { checkLimit, describeLimit, removalsMax } from "../../src/sync/host/removal-limit.ts";
import { liveSession, until } from "./live-world.ts";
import {
  addPackages,
  linkRow,
  memoryStore,
  range,
  retitle,
  syncOnce,
  uuidFor,
  withMethods,
} from "./world.ts";

const ids = (from: number, to: number): ObjectId[] =>
  range(from, to).map((n) => uuidFor(`package ${n}`) as ObjectId);

/** One changeset for each, so that they come in several batches. */
function change(store: MemoryStore, kind: "delete" | "undelete" | "purge", objects: ObjectId[]) {
  for (const object of objects) {
    const change = kind === "purge" ? { kind, object, reason: "" } : { kind, object };
    store.author({ author: "ana", message: kind, changes: [change] });
  }
}

const live = (store: MemoryStore): number => store.liveObjects();

/** Two stores with the same packages, and a link at the one that dials. */
async function pair(
  direction: Direction = "pull",
  packages = 100,
): Promise<[MemoryStore, MemoryStore]> {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, packages));
  if (direction === "push") await syncOnce(a, b, direction);
  else await syncOnce(b, a, direction);
  return [a, b];
}

/** Changes control messages on their way. */
const altering =
  (change: (message: Record<string, unknown>) => void) => (frame: string | Uint8Array) => {
    if (typeof frame !== "string") return frame;
    const message = { ...decodeControl(frame) } as Record<string, unknown>;
    change(message);
    return encodeControl(message as never);
  };

/** As a program without REMOVALS speaks. */
const old = altering((message) => {
  if (message.m === "hello" || message.m === "welcome") delete message.removals;
});
/** A source that does not name what it removes, and says that it is nothing. */
const lying = altering((message) => {
  if (message.m === "resume" && message.removals !== undefined) message.removals = 1e6;
  if (message.m === "start" && message.removals !== undefined) message.removals = 0;
});

/** With so many revisions in a batch. */
const inPages = (store: MemoryStore, revisions: number): MemoryStore =>
  withMethods(store, {
    readPage: (after, limits) => store.readPage(after, { ...limits, revisions }),
  }) as MemoryStore;

test("the limit is a share of the live objects, at least 20, or a number", () => {
  const limits = [
    ["5%", 1000, 50],
    ["5%", 100, 20],
    ["0%", 1000, 20],
    ["100%", 1000, 1000],
    ["3", 1000, 3],
    ["0", 10, 0],
  ] as const;
  for (const [setting, objects, expected] of limits) {
    expect(removalsMax(setting, objects)).toBe(expected);
  }
});

test("what is said of the limit names the 20, and no share that looks like none is taken", () => {
  expect(describeLimit("5%")).toBe("at most 5% of the live objects at once, or 20");
  expect(describeLimit("100%")).toBe("at most 100% of the live objects at once");
  expect(describeLimit("3")).toBe("at most 3 of the live objects at once");
  for (const taken of ["1%", "05%", "10%", "99%", "100%", "0", "3"]) checkLimit(taken);
  for (const refused of ["0%", "00%", "000%", "101%", "5 %", "-1", "few", ""])
    expect(() => checkLimit(refused)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

describe.each<Direction>(["pull", "push", "both"])("over a link that says %s", (direction) => {
  const run = (a: MemoryStore, b: MemoryStore, options = {}) =>
    direction === "push" ? syncOnce(a, b, "push", options) : syncOnce(b, a, direction, options);

  test.each(["delete", "purge"] as const)("too many are held: %s", async (kind) => {
    const [a, b] = await pair(direction);
    change(a, kind, ids(0, 21));
    const [head, digest] = [b.head(), b.digest()];
    const { dialer, acceptor } = await run(a, b);
    for (const side of [dialer, acceptor]) {
      expect(side).toMatchObject({ outcome: "held", error: { code: "REMOVALS_HELD" } });
    }
    expect(dialer.error?.message).toContain("21 live objects");
    expect(dialer.error?.hint).toContain("--accept-removals");
    expect([b.head(), b.digest()]).toEqual([head, digest]);
    const again = await run(a, b, { run: { acceptRemovals: true } });
    expect(again.dialer).toMatchObject({ outcome: "ok" });
    expect(live(b)).toBe(79);
    expect(b.digest()).toBe(a.digest());
  });

  test("as many as it allows are not", async () => {
    const [a, b] = await pair(direction);
    change(a, "delete", ids(0, 20));
    expect((await run(a, b)).dialer.outcome).toBe("ok");
    expect(live(b)).toBe(80);
  });

  test("objects that never were here do not count", async () => {
    const a = memoryStore("a");
    await addPackages(a, range(0, 200));
    change(a, "delete", ids(0, 60));
    change(a, "purge", ids(60, 90));
    const b = memoryStore("b");
    await addPackages(b, range(500, 600));
    const { dialer, frames } = await run(a, b);
    expect(dialer.outcome).toBe("ok");
    expect(frames.some((frame) => frame.endsWith("removals"))).toBe(true);
    expect(live(b)).toBe(110 + 100);
  });

  test("nor where they come in one batch, and go in another", async () => {
    const a = memoryStore("a");
    await addPackages(a, range(0, 60));
    change(a, "delete", ids(0, 60));
    const b = memoryStore("b");
    await addPackages(b, range(500, 600));
    const { dialer, frames } = await run(inPages(a, 10), b);
    expect(frames.some((frame) => frame.endsWith("removals"))).toBe(true);
    expect(dialer.outcome).toBe("ok");
    expect(live(b)).toBe(100);
  });

  test("objects that come back do not count", async () => {
    const [a, b] = await pair(direction);
    change(a, "delete", ids(0, 60));
    change(a, "undelete", ids(0, 60));
    expect((await run(a, b)).dialer.outcome).toBe("ok");
    expect(live(b)).toBe(100);
  });

  test("objects that were edited here do not count", async () => {
    const [a, b] = await pair(direction);
    change(a, "delete", ids(0, 30));
    for (const number of range(0, 15)) await retitle(b, number, "still needed");
    expect((await run(a, b)).dialer.outcome).toBe("ok");
    expect(live(b)).toBe(85);
  });

  test.each([
    ["lies", lying],
    ["knows no REMOVALS", old],
  ])("a source that %s is held before the batch that is too much", async (_what, alter) => {
    const [a, b] = await pair(direction);
    change(a, "purge", ids(0, 21));
    const { dialer } = await run(a, b, { alter });
    expect(dialer).toMatchObject({ outcome: "held", error: { code: "REMOVALS_HELD" } });
    expect(live(b)).toBeGreaterThanOrEqual(80);
    expect((await run(a, b, { run: { acceptRemovals: true } })).dialer.outcome).toBe("ok");
    expect(live(b)).toBe(79);
  });
});

describe("a push", () => {
  test("is held as the receiving side's link says, whatever the sending side agrees to", async () => {
    const [a, b] = await pair();
    const peer = a.identity().instance;
    b.saveLink(linkRow("pull", { name: "l", peer, maxRemovals: "2" }));
    change(a, "delete", ids(0, 3));
    const { dialer } = await syncOnce(a, b, "push", { run: { acceptRemovals: true } });
    expect(dialer.outcome).toBe("held");
    expect(dialer.error?.hint).toContain(
      "at the receiving side: syncline sync l --accept-removals",
    );
    expect(live(b)).toBe(100);
  });

  const everything: [string, Partial<LinkRow>] = [
    "alpha",
    { direction: "push", maxRemovals: "100%" },
  ];
  const groups = canonicalize({ types: ["group"] });
  test.each<[string, [string, Partial<LinkRow>][], number | null, string]>([
    ["by the link that receives", [everything, ["zeta", { maxRemovals: "0" }]], 0, "sync zeta --a"],
    [
      "by the one of the same scope",
      [
        ["groups", { scope: groups, maxRemovals: "0" }],
        ["zeta", { maxRemovals: "3" }],
      ],
      3,
      "syncline sync zeta --accept-removals",
    ],
    [
      "by the strictest one, where none has that scope",
      [
        ["one", { scope: groups }],
        ["two", { scope: groups, maxRemovals: "1" }],
      ],
      1,
      "syncline link set two --max-removals N",
    ],
    [
      "by one that only sends, where none receives",
      [["alpha", { direction: "push", maxRemovals: "2" }]],
      2,
      "syncline link set alpha --max-removals N",
    ],
    [
      "by default, where the links are with others",
      [["x", { peer: null, maxRemovals: "0" }]],
      20,
      "sending side",
    ],
  ])("is held %s", async (_which, links, max, hint) => {
    const [a, b] = await pair();
    for (const known of b.links()) b.removeLink(known.name);
    const peer = a.identity().instance;
    for (const [name, more] of links) b.saveLink(linkRow("pull", { name, peer, ...more }));
    change(a, "delete", ids(0, 50));
    const { dialer } = await syncOnce(a, b, "push");
    expect(dialer.error?.message).toContain(`${max} may`);
    expect(dialer.error?.hint).toContain(hint);
    expect(live(b)).toBe(100);
  });
});

test("a limit of nothing lets edits pass", async () => {
  const [a, b] = await pair();
  await retitle(a, 1, "new");
  const link = { maxRemovals: "0" };
  expect((await syncOnce(b, a, "pull", { link })).dialer.outcome).toBe("ok");
  change(a, "delete", ids(1, 2));
  expect((await syncOnce(b, a, "pull", { link })).dialer.outcome).toBe("held");
});

test("many removals are named in several messages", async () => {
  const [a, b] = await pair("pull", 1500);
  change(a, "delete", ids(0, 1300));
  const { dialer, frames } = await syncOnce(b, a, "pull");
  expect(dialer.error?.message).toContain("1300 live objects");
  expect(frames.filter((frame) => frame === "<removals").length).toBeGreaterThan(2);
});

test("a live session that began with an empty target guards what came since", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  const session = await liveSession(b, a, "pull");
  expect(live(b)).toBe(0);
  await addPackages(a, range(0, 100));
  await until(() => live(b) === 100);
  change(a, "delete", ids(0, 50));
  expect((await session.dialer).error).toMatchObject({ code: "REMOVALS_HELD" });
  expect(live(b)).toBeGreaterThanOrEqual(80);
});

test("what came and went while a live session caught up lets no more go later", async () => {
  const [a, b] = await pair();
  change(a, "delete", ids(0, 40));
  change(a, "undelete", ids(0, 40));
  await addPackages(a, [200]);
  const session = await liveSession(b, a, "pull");
  await until(() => live(b) === 101);
  change(a, "delete", ids(0, 30));
  expect((await session.dialer).error).toMatchObject({ code: "REMOVALS_HELD" });
  expect(live(b)).toBeGreaterThanOrEqual(81);
});

test("objects that came in a live session count once they are here", async () => {
  const a = memoryStore("a");
  const b = memoryStore("b");
  await addPackages(b, range(500, 600));
  const session = await liveSession(b, a, "pull");
  await addPackages(a, range(0, 60));
  await until(() => live(b) === 160);
  change(a, "delete", ids(0, 50));
  expect((await session.dialer).error).toMatchObject({ code: "REMOVALS_HELD" });
  expect(live(b)).toBeGreaterThanOrEqual(140);
});

describe("over a link with a scope", () => {
  const scope = canonicalize({ groups: ["parks"] });
  const group = uuidFor("parks") as ObjectId;

  /** The first half of the packages is in the scope. */
  async function scoped(): Promise<[MemoryStore, MemoryStore]> {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    const content = { name: "parks" };
    const put = { kind: "put", object: group, type: "group", content, mode: "create" } as const;
    a.author({ author: "ana", message: "m", changes: [put] });
    await addPackages(a, range(0, 120));
    const patch = [{ op: "add", path: "/groups", value: { [group]: true } }];
    const changes = ids(0, 60).map((object) => ({ kind: "patch", object, patch }) as const);
    a.author({ author: "ana", message: "m", changes });
    await syncOnce(b, a, "pull", { link: { scope } });
    expect(live(b)).toBe(61);
    return [a, b];
  }

  test("nothing is told of what is removed outside of it", async () => {
    const [a, b] = await scoped();
    change(a, "delete", ids(60, 110));
    let wire = "";
    const onFrame = (_: string, data: string | Uint8Array): void => {
      if (typeof data === "string") wire += data;
    };
    const { dialer, frames } = await syncOnce(b, a, "pull", { link: { scope }, onFrame });
    expect(dialer.outcome).toBe("ok");
    expect(frames).not.toContain("<removals");
    for (const object of ids(60, 110)) expect(wire).not.toContain(object);
  });

  test("what is removed inside of it is held", async () => {
    const [a, b] = await scoped();
    change(a, "delete", ids(30, 80));
    const { dialer, frames } = await syncOnce(b, a, "pull", { link: { scope } });
    expect(dialer.error?.message).toContain("30 live objects");
    expect(frames).toContain("<removals");
    expect(live(b)).toBe(61);
  });
});
