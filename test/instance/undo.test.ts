// Proves that a run can be taken back by edits: what it brought goes, what it deleted returns, what it
// changed is as before; what was edited since stays, purges are said to stay, and an undo can be undone.
import { expect, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import type { UndoReport } from "../../src/instance/undo/undo-run.ts";
import { memoryInstance } from "./instances.ts";
import { expectEqual, link, served, sync } from "./served.ts";
import { ann, bob, twoSides } from "./two-sides.ts";

const by = { author: "carla" };
const GROUPS = { types: ["group"] };

/** Two instances with the packages p1 … p5, over a link of b's. */
async function linked(direction: "pull" | "both" = "pull"): Promise<{ a: Instance; b: Instance }> {
  const { a, b } = twoSides();
  for (const n of [1, 2, 3, 4, 5]) {
    const resources = [{ url: `http://x.example/${n}`, name: "file" }];
    await a.create("package", { name: `p${n}`, title: `P ${n}`, notes: "old", resources }, ann);
  }
  await link(b, a, direction);
  await sync(b);
  return { a, b };
}

/** A new one, one deleted, one edited, one without its resource. */
async function change(a: Instance): Promise<void> {
  await a.create("package", { name: "new" }, ann);
  await a.delete("package/p1", ann);
  await a.set("package/p2", { title: "changed", version: "2" }, ann);
  await a.set("package/p3", { resources: [] }, ann);
}

async function contents(instance: Instance): Promise<unknown> {
  const rows = await instance.store.objects({ includeDeleted: true, limit: 100 });
  return rows.map(({ id, text }) => [id, JSON.parse(text)]);
}

const how = ({ undone }: UndoReport) => undone.map((one) => `${one.name} ${one.how}`).sort();

test("everything that a run changed is as before, and over a two-way link at the peer too", async () => {
  const { a, b } = await linked("both");
  const before = await b.export({ type: "package" });
  const lines = [];
  for await (const line of before) lines.push(line);
  await change(a);
  const run = await sync(b);
  const report = await b.undo(run.id, by);
  expect(how(report)).toEqual(["new deleted", "p1 undeleted", "p2 restored", "p3 restored"]);
  expect(report).toMatchObject({ run: run.id, skipped: [], purged: 0 });
  await sync(b);
  for (const side of [a, b]) {
    const now = [];
    for await (const line of side.export({ type: "package" })) now.push(line);
    expect(now).toEqual(lines);
  }
  await expectEqual(a, b);
});

test("undoing it again does nothing, and undoing the undo brings it back", async () => {
  const { a, b } = await linked();
  await change(a);
  const run = await sync(b);
  const after = await contents(b);
  const { undo } = await b.undo("last", by);
  const undone = await contents(b);
  expect(undone).not.toEqual(after);
  expect(await b.undo(run.id, by)).toMatchObject({ undo: null, undone: [], skipped: [] });
  expect(await contents(b)).toEqual(undone);
  const redo = await b.undo(undo as string, by);
  expect(how(redo)).toEqual(["new undeleted", "p1 deleted", "p2 restored", "p3 restored"]);
  expect(await contents(b)).toEqual(after);
  await b.undo(redo.undo as string, by);
  expect(await contents(b)).toEqual(undone);
});

test("what was edited since stays, at its paths alone", async () => {
  const { a, b } = await linked();
  await change(a);
  const run = await sync(b);
  await b.set("package/p2", { title: "mine", notes: "mine too" }, bob);
  await b.set("package/new", { title: "needed" }, bob);
  const report = await b.undo(run.id.slice(0, 13), by);
  expect(how(report)).toEqual(["p1 undeleted", "p2 restored", "p3 restored"]);
  const skipped = report.skipped.map(({ name, code, paths }) => [name, code, paths]);
  expect(skipped.sort()).toEqual([
    ["new", "STALE_EDIT", ["/title"]],
    ["p2", "STALE_EDIT", ["/title"]],
  ]);
  const { ckan } = await b.get("package/p2");
  expect(ckan).toMatchObject({ title: "mine", notes: "mine too" });
  expect(ckan.version ?? null).toBeNull();
  expect((await b.get("package/new")).document).not.toBeNull();
});

test("what a merge decided for the other side goes back to one's own", async () => {
  const { a, b } = await linked();
  // What b does is later, so here a is asked to pull.
  await link(a, b, "pull");
  await a.set("package/p4", { title: "by ann" }, ann);
  await b.set("package/p4", { title: "by bob" }, bob);
  const run = await a.sync("peer");
  expect((await a.get("package/p4")).ckan.title).toBe("by bob");
  expect((await a.conflicts({ status: "open" })).items).toHaveLength(1);
  await a.undo(run.id, by);
  expect((await a.get("package/p4")).ckan.title).toBe("by ann");
  expect((await a.conflicts({ status: "open" })).items).toEqual([]);
  expect((await a.verify()).findings).toEqual([]);
});

test("purges stay, and are counted", async () => {
  const { a, b } = await linked();
  await a.set("package/p5", { title: "last words" }, ann);
  await a.purge("package/p5", { reason: "asked for" }, ann);
  await a.set("package/p4", { title: "changed" }, ann);
  const run = await sync(b);
  const report = await b.undo(run.id, by);
  expect(report.purged).toBe(1);
  expect(how(report)).toEqual(["p4 restored"]);
});

test("what a run dropped stays away, is counted, and comes again with a scope that has it", async () => {
  const { a, b } = twoSides();
  for (const name of ["wet", "dry"]) await a.create("package", { name, tags: ["water"] }, ann);
  const narrow = { direction: "pull", scope: { tags: ["water"] }, onLeave: "drop" } as const;
  await b.addLink({ name: "peer", url: await served(a), ...narrow });
  await sync(b);
  await a.set("package/dry", { tags: [] }, ann);
  const run = await sync(b);
  expect(run.left).toEqual({ dropped: 1, kept: 0 });
  // The last run that changed anything is this one, not the one that brought all.
  const nothing = { undone: [], skipped: [], purged: 0, undo: null };
  expect(await b.undo("last", by)).toMatchObject({ run: run.id, ...nothing, dropped: 1 });
  await b.setLink("peer", { scope: null, onLeave: "keep" });
  expect((await sync(b)).refused).toEqual([]);
  expect((await b.get("package/dry")).document).toMatchObject({ name: "dry" });
});

test("what another link brought from the same peer meanwhile is not this run's", async () => {
  const { a, b } = await linked();
  const url = await served(a);
  await a.create("group", { name: "early" }, ann);
  await b.addLink({ name: "live", url, direction: "pull", mode: "live", scope: GROUPS });
  const schedule = await b.schedule();
  const isHere = async (name: string): Promise<boolean> =>
    (await b.store.objects({ type: "group", limit: 9 })).some((row) => row.name === name);
  await expect.poll(() => isHere("early"), { timeout: 20_000 }).toBe(true);
  await a.create("package", { name: "new" }, ann);
  await a.delete("package/p1", ann);
  expect(await sync(b)).toMatchObject({ received: { revisions: 2, objects: 2 } });
  await a.create("group", { name: "late" }, ann);
  await expect.poll(() => isHere("late"), { timeout: 20_000 }).toBe(true);
  await schedule.stop();
  const [run] = await b.runs("live");
  expect(run).toMatchObject({ received: { revisions: 2, objects: 2 }, log: { parts: [{}, {}] } });
  expect(how(await b.undo(run?.id as string, by))).toEqual(["early deleted", "late deleted"]);
  expect((await b.get("package/p1")).document).toBeNull();
});

test("a run that is not here, and one too short to name it", async () => {
  const fresh = memoryInstance();
  for (const name of ["last", "019a8c11-4f2e", "01", ""]) {
    await expect(fresh.undo(name, by)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  }
  await expect(fresh.undo("01", by)).rejects.toMatchObject({ hint: /the first 8 characters/ });
});
