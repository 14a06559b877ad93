// Proves the founding timeline, at its very times: a first sync from A to B at 10:00; at 10:20 A edits
// twice and a user renames himself there; at 10:40 B edits; then the next sync. Told once with a link
// by which B follows A, and once with one that carries both directions.
import { expect, test } from "vitest";
import type { RevisionId } from "../../src/base/ids.ts";
import type { Clock } from "../../src/base/ports/clock.ts";
import type { Instance } from "../../src/instance/instance.ts";
import type { AuthorOutcome } from "../../src/log/author.ts";
import { newInstance } from "./instances.ts";
import { expectEqual, link, sync } from "./served.ts";
import { onlyConflict } from "./two-sides.ts";

const ann = { author: "ann", message: "at A" };
const ben = { author: "ben", message: "at B" };
const PKG1 = "package/pkg1";

class WallClock implements Clock {
  #nowMs = 0;

  set(time: string): void {
    this.#nowMs = Date.parse(`2026-01-15T${time}:00Z`);
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }
}

interface Tale {
  readonly clock: WallClock;
  readonly a: Instance;
  readonly b: Instance;
  /** The instance that has the link. */
  readonly linked: Instance;
  /** Pkg1Rev3, by A's second edit, and B's, which knows only Pkg1Rev1. */
  readonly heads: readonly [RevisionId, RevisionId];
}

/** The tale up to its second sync. */
async function untilEleven(direction: "pull" | "both"): Promise<Tale> {
  const clock = new WallClock();
  clock.set("10:00");
  const { instance: a } = await newInstance("A", { clock });
  const { instance: b } = await newInstance("B", { clock });
  const [linked, other] = direction === "pull" ? [b, a] : [a, b];
  await link(linked, other, direction);
  await a.create("package", { name: "pkg1", title: "Pump", notes: "# ok" }, ann);
  await a.create("user", { name: "ann", fullname: "Ann" }, ann);
  const first = await sync(linked);
  expect(direction === "pull" ? first.received : first.sent).toMatchObject({ objects: 2 });
  expect(await b.get(PKG1)).toEqual(await a.get(PKG1));
  await expectEqual(a, b);

  clock.set("10:20");
  await a.set(PKG1, { title: "Pump station" }, ann);
  const ofA = await a.set(PKG1, { title: "Pumping station", notes: "# checked" }, ann);
  await a.rename("user/ann", "ann-lee", ann);

  clock.set("10:40");
  const ofB = await b.set(PKG1, { title: "Water pump", url: "https://b.example" }, ben);

  clock.set("11:00");
  return { clock, a, b, linked, heads: [revisionOf(ofA), revisionOf(ofB)] };
}

function revisionOf({ revisions: [revision] }: AuthorOutcome): RevisionId {
  return revision?.id as RevisionId;
}

/** What an instance holds that has everything: the merge, and its conflict. */
async function expectMerged(instance: Instance, { heads, a, b }: Tale): Promise<void> {
  const { document, heads: found } = await instance.get(PKG1);
  expect(found).toEqual([...heads].sort());
  expect(document).toMatchObject({
    title: "Water pump",
    notes: "# checked",
    url: "https://b.example",
  });
  const [entry] = await instance.history(PKG1);
  expect(entry).toMatchObject({ kind: "merge", parents: found });
  expect(await instance.get("user/ann-lee")).toMatchObject({ name: "ann-lee" });
  const [revisionOfA, revisionOfB] = heads;
  expect(await onlyConflict(instance)).toMatchObject({
    ...{ path: "/title", kind: "value", rule: "newest", status: "open", base: "Pump" },
    chosen: { revision: revisionOfB, value: "Water pump" },
    candidates: expect.arrayContaining([
      expect.objectContaining({
        ...{ author: "ann", instance: a.identity.instance, value: "Pumping station" },
        ...{ revision: revisionOfA, time: expect.stringMatching(/^2026-01-15T10:20:00/) },
      }),
      expect.objectContaining({
        ...{ author: "ben", instance: b.identity.instance, value: "Water pump" },
        ...{ revision: revisionOfB, time: expect.stringMatching(/^2026-01-15T10:40:00/) },
      }),
    ]),
  });
}

test("one way: B merges, and nothing at A changes", async () => {
  const tale = await untilEleven("pull");
  const { a, b } = tale;
  const before = await a.status();
  const exported = await a.get(PKG1);
  const run = await sync(b);
  expect(run).toMatchObject({
    received: { revisions: 3, objects: 2 },
    sent: { revisions: 0 },
    merged: 1,
    conflicts: { new: 1, open: 1 },
  });
  await expectMerged(b, tale);
  expect(await a.status()).toEqual(before);
  expect(await a.get(PKG1)).toEqual(exported);
  expect(await a.conflicts()).toEqual({ items: [], next: null });
  expect(await sync(b)).toMatchObject({ received: { revisions: 0 }, merged: 0 });
  expect((await b.verify()).findings).toEqual([]);
});

test("both ways: both merge alike, log the same conflict, and take each other's decision", async () => {
  const tale = await untilEleven("both");
  const { clock, a, b, linked, heads } = tale;
  expect(await sync(linked)).toMatchObject({
    sent: { revisions: 3, objects: 2 },
    received: { revisions: 1, objects: 1 },
    merged: 1,
    conflicts: { new: 1, open: 1 },
  });
  for (const instance of [a, b]) await expectMerged(instance, tale);
  expect(await b.get(PKG1)).toEqual(await a.get(PKG1));
  await expectEqual(a, b);
  expect(await sync(linked)).toMatchObject({ sent: { revisions: 0 }, received: { revisions: 0 } });

  clock.set("11:30");
  const { id } = await onlyConflict(b);
  await b.resolveConflict(id, { pick: heads[0] }, { author: "cara" });
  expect(await sync(linked)).toMatchObject({ received: { revisions: 1 }, conflicts: { open: 0 } });
  expect((await a.get(PKG1)).document).toMatchObject({
    title: "Pumping station",
    url: "https://b.example",
  });
  expect(await onlyConflict(a)).toMatchObject({ id, status: "resolved" });
  await expectEqual(a, b);
});
