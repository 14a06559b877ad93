// Proves that a dry run over a link with a scope says what a sync would do: what it would send is in the
// scope, what would leave it is told, and what would be dropped counts as removed; nothing is written.
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { describeRehearsal } from "../../src/cli/output/rehearsal.ts";
import type { Instance } from "../../src/instance/instance.ts";
import type { NewLink } from "../../src/instance/links.ts";
import type { Direction } from "../../src/store/rows.ts";
import { fakeOutput } from "../cli/fake-output.ts";
import { newInstance } from "./instances.ts";
import { served, sync } from "./served.ts";
import { ann } from "./two-sides.ts";

const SCOPE = { groups: ["parks"] };

async function put(instance: Instance, name: string, more: JsonObject = {}): Promise<void> {
  await instance.create("package", { name, ...more }, ann);
}

/** A, with five packages of a group and one of none, and B, which is linked to it by the group. */
async function linked(direction: Direction, more: Partial<NewLink> = {}) {
  const { instance: a } = await newInstance("A");
  const { instance: b } = await newInstance("B");
  await a.create("group", { name: "parks" }, ann);
  for (const n of [1, 2, 3, 4, 5]) await put(a, `p${n}`, { groups: [{ name: "parks" }] });
  await put(a, "other");
  await b.addLink({ name: "peer", url: await served(a), direction, scope: SCOPE, ...more });
  await sync(b);
  return { a, b };
}

async function imprint({ store }: Instance): Promise<unknown> {
  const { instance } = await store.identity();
  return [instance, await store.head(), await store.digest(), await store.departures()];
}

async function rehearsed(a: Instance, b: Instance, types?: readonly string[]) {
  const before = [await imprint(a), await imprint(b)];
  const run = await b.rehearse("peer", types === undefined ? {} : { types });
  expect([await imprint(a), await imprint(b)]).toEqual(before);
  expect(run.outcome).toBe("ok");
  return run;
}

test("would send what the scope lets pass, and the history of what entered it", async () => {
  const { a, b } = await linked("both");
  await b.set("package/p1", { title: "Of B" }, ann);
  await put(b, "inside", { groups: [{ name: "parks" }] });
  await put(b, "outside");
  expect((await rehearsed(a, b)).would.send).toEqual({ revisions: 2, objects: 2 });
  expect((await sync(b)).sent).toMatchObject({ revisions: 2, objects: 2 });
  expect((await rehearsed(a, b)).would.send).toEqual({ revisions: 0, objects: 0 });
  await b.set("package/outside", { groups: [{ name: "parks" }] }, ann);
  const { would } = await rehearsed(a, b);
  expect(would.send).toEqual({ revisions: 2, objects: 1 });
  expect((await sync(b)).sent).toMatchObject({ revisions: 2 });
  expect(await a.get("package/outside")).toMatchObject({ name: "outside" });
});

test("says what would leave, and that it stays", async () => {
  const { a, b } = await linked("pull");
  await a.set("package/p1", { groups: [] }, ann);
  await a.set("package/other", { title: "Nobody's business" }, ann);
  const run = await rehearsed(a, b);
  expect(run.would).toMatchObject({
    left: [{ name: "p1", type: "package", isDropped: false }],
    removals: { count: 0, held: false },
    changes: [],
  });
  const shown = describeRehearsal(run, fakeOutput());
  expect(shown).toContain("would leave the scope, and stay here: 1 object\n    package/p1");
  await sync(b);
  expect((await rehearsed(a, b)).would.left).toEqual([]);
});

test("says what would be dropped, and that it would be held", async () => {
  const { a, b } = await linked("pull", { onLeave: "drop", maxRemovals: "1" });
  for (const n of [1, 2]) await a.set(`package/p${n}`, { groups: [] }, ann);
  await b.set("package/p2", { title: "Mine" }, ann);
  const one = await rehearsed(a, b);
  expect(one.would.removals).toEqual({ count: 1, max: 1, held: false });
  await a.set("package/p3", { groups: [] }, ann);
  const run = await rehearsed(a, b);
  expect(run.would.removals).toEqual({ count: 2, max: 1, held: true });
  const fates = run.would.left.map(({ name, isDropped, stays }) => [name, isDropped, stays]);
  expect(fates.sort()).toEqual([
    ["p1", true, null],
    ["p2", false, "edited"],
    ["p3", true, null],
  ]);
  expect(describeRehearsal(run, fakeOutput())).toContain("would be held");
  expect((await b.sync("peer")).outcome).toBe("held");
  const agreed = await b.sync("peer", { acceptRemovals: true });
  expect(agreed).toMatchObject({ outcome: "ok", left: { dropped: 2, kept: 1 } });
});

test("of some types alone", async () => {
  const { a, b } = await linked("both");
  await put(b, "inside", { groups: [{ name: "parks" }] });
  await a.create("organization", { name: "works" }, ann);
  await put(a, "more", { groups: [{ name: "parks" }] });
  const { would } = await rehearsed(a, b, ["group"]);
  expect([would.changes, would.left]).toEqual([[], []]);
  expect(would.send).toEqual({ revisions: 0, objects: 0 });
});
