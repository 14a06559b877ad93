// Proves that what a link drops counts as removed: too much at once is held before anything changes,
// together with what is deleted, whoever dialed, until a person agrees or the source puts it right.
import { expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Direction, LinkRow } from "../../src/store/rows.ts";
import { linkRow, memoryStore, range, type SyncOptions, syncOnce, uuidFor } from "./world.ts";

const id = (n: number | string): ObjectId => uuidFor(`${n}`) as ObjectId;
const SCOPE = canonicalize({ groups: ["parks"] });

const put = (object: ObjectId, type: string, content: object) =>
  ({ kind: "put", object, type, content, mode: "create" }) as const;

function author(store: MemoryStore, changes: readonly object[]): void {
  store.author({ author: "ann", message: "m", changes: changes as never });
}

/** Two stores with 60 packages in the scope of their link, which drops what leaves it. */
async function pair(direction: Direction = "pull"): Promise<[MemoryStore, MemoryStore]> {
  const [there, here] = [memoryStore("a"), memoryStore("b")];
  author(there, [put(id("parks"), "group", { name: "parks" })]);
  const groups = { [id("parks")]: true };
  author(
    there,
    range(0, 60).map((n) => put(id(n), "package", { name: `p${n}`, groups })),
  );
  expect((await run(here, there, direction)).outcome).toBe("ok");
  return [there, here];
}

async function run(
  here: MemoryStore,
  there: MemoryStore,
  direction: Direction = "pull",
  options: SyncOptions = {},
) {
  const receives = { peer: there.identity().instance, onLeave: "drop", scope: SCOPE } as const;
  const link: LinkRow = { ...linkRow(direction), ...receives };
  if (direction !== "push") {
    here.saveLink(link);
    return (await syncOnce(here, there, direction, { ...options, link })).dialer;
  }
  here.saveLink({ ...link, direction: "pull" });
  const sends = linkRow("push", { scope: SCOPE, peer: here.identity().instance });
  return (await syncOnce(there, here, "push", { ...options, link: sends })).dialer;
}

function move(store: MemoryStore, numbers: readonly number[], how: "out" | "in"): void {
  const value = { [id("parks")]: true };
  const write =
    how === "in" ? { op: "add", path: "/groups", value } : { op: "remove", path: "/groups" };
  author(
    store,
    numbers.map((n) => ({ kind: "patch", object: id(n), patch: [write] })),
  );
}

const held = { outcome: "held", error: { code: "REMOVALS_HELD" } };

test.each<Direction>(["pull", "push", "both"])(
  "too much at once is held, and nothing goes: %s",
  async (direction) => {
    const [there, here] = await pair(direction);
    move(there, range(0, 21), "out");
    author(there, [{ kind: "set", object: id(50), value: { title: "Changed" } }]);
    const [head, digest] = [here.head(), here.digest()];
    const first = await run(here, there, direction);
    expect(first).toMatchObject(held);
    expect(first.error?.message).toContain("21 live objects");
    expect(await run(here, there, direction)).toMatchObject(held);
    expect([here.head(), here.digest()]).toEqual([head, digest]);
    if (direction === "push") {
      here.saveLink({ ...(here.links()[0] as LinkRow), maxRemovals: "100" });
      const link = { ...linkRow("push"), scope: SCOPE };
      expect((await syncOnce(there, here, "push", { link })).dialer.outcome).toBe("ok");
    } else {
      const agreed = await run(here, there, direction, { run: { acceptRemovals: true } });
      expect(agreed).toMatchObject({ outcome: "ok", left: { dropped: 21, kept: 0 } });
    }
    expect(here.liveObjects()).toBe(40);
  },
);

test("as many as it lets go do", async () => {
  const [there, here] = await pair();
  move(there, range(0, 20), "out");
  expect(await run(here, there)).toMatchObject({ outcome: "ok", left: { dropped: 20, kept: 0 } });
});

test("what stays does not count", async () => {
  const [there, here] = await pair();
  move(there, range(0, 30), "out");
  author(
    here,
    range(0, 12).map((n) => ({ kind: "set", object: id(n), value: { title: "Mine" } })),
  );
  expect(await run(here, there)).toMatchObject({ outcome: "ok", left: { dropped: 18, kept: 12 } });
});

test("no more go than may, together with what is deleted", async () => {
  const [there, here] = await pair();
  move(there, range(0, 12), "out");
  author(
    there,
    range(30, 42).map((n) => ({ kind: "delete", object: id(n) })),
  );
  expect(await run(here, there)).toMatchObject(held);
  expect(here.liveObjects()).toBe(49);
  expect(await run(here, there)).toMatchObject({ outcome: "ok", left: { dropped: 12, kept: 0 } });
});

test("goes on by itself once the source has put it right", async () => {
  const [there, here] = await pair();
  move(there, range(0, 40), "out");
  expect(await run(here, there)).toMatchObject(held);
  move(there, range(0, 40), "in");
  expect(await run(here, there)).toMatchObject({ outcome: "ok", refused: [] });
  expect(here.departures()).toEqual([]);
  expect(here.liveObjects()).toBe(61);
});

test("a setting that comes later is held likewise, with nothing new at the source", async () => {
  const [there, here] = await pair();
  move(there, range(0, 30), "out");
  const { onLeave: _, ...keeps } = here.links()[0] as LinkRow;
  here.saveLink(keeps);
  expect((await syncOnce(here, there, "pull", {})).dialer.outcome).toBe("ok");
  expect(await run(here, there)).toMatchObject(held);
  expect(here.liveObjects()).toBe(61);
});

test("thousands that leave go in several steps", async () => {
  const [there, here] = [memoryStore("a"), memoryStore("b")];
  author(there, [put(id("parks"), "group", { name: "parks" })]);
  const groups = { [id("parks")]: true };
  const packages = range(0, 2500).map((n) => put(id(n), "package", { name: `p${n}`, groups }));
  author(there, packages);
  await run(here, there);
  move(there, range(0, 2500), "out");
  const agreed = await run(here, there, "pull", { run: { acceptRemovals: true } });
  expect(agreed).toMatchObject({ outcome: "ok", left: { dropped: 2500, kept: 0 } });
  expect(here.liveObjects()).toBe(1);
});
