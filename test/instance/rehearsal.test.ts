// Proves that a dry run says exactly what a sync would do, and that neither side is written to: what
// comes, conflicts and goes, whether it would be held or let go on, and what would be sent.
import { readdirSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { describeRehearsal } from "../../src/cli/output/rehearsal.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { fakeOutput } from "../cli/fake-output.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { newInstance } from "./instances.ts";
import { link, served, sync } from "./served.ts";
import { ann, bob } from "./two-sides.ts";

async function linked(direction: "pull" | "push" | "both"): Promise<{ a: Instance; b: Instance }> {
  const { instance: a } = await newInstance("A");
  const { instance: b } = await newInstance("B");
  for (const n of [1, 2, 3, 4, 5]) await a.create("package", { name: `p${n}`, title: "old" }, ann);
  await link(b, a, direction === "push" ? "pull" : direction);
  await sync(b);
  return { a, b };
}

/** Everything of an instance that a dry run may not touch. */
async function imprint(instance: Instance): Promise<unknown> {
  const { store } = instance;
  return {
    head: await store.head(),
    digest: await store.digest(),
    counts: await store.counts(),
    runs: await store.runs({ limit: 100 }),
    links: await store.links(),
    quarantine: await store.quarantine(),
  };
}

/** A folder for temporary files that nobody else uses. */
function ownTemporaryFolder(): { readonly content: () => string[] } {
  const folder = temporaryFolder({});
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { content: () => readdirSync(folder) };
}

test.each(["pull", "both"] as const)("what would come, conflict and go (%s)", async (direction) => {
  const { a, b } = await linked(direction);
  await a.create("package", { name: "new" }, ann);
  await a.set("package/p1", { title: "by ann" }, ann);
  await b.set("package/p1", { title: "by bob" }, bob);
  await a.delete("package/p2", ann);
  await a.purge("package/p3", { reason: "asked for" }, ann);
  await a.set("package/p4", { title: "changed" }, ann);
  const before = [await imprint(a), await imprint(b)];
  const temporary = ownTemporaryFolder();
  const run = await b.rehearse("peer");
  expect([await imprint(a), await imprint(b)]).toEqual(before);
  expect(temporary.content()).toEqual([]);
  expect(run).toMatchObject({ outcome: "ok", link: "peer", direction });
  const { would } = run;
  expect(would.objects).toMatchObject({ created: 1, deleted: 1, purged: 1, undeleted: 0 });
  expect(would.changes.map(({ name, what }) => `${name} ${what}`)).toEqual(
    expect.arrayContaining(["new created", "p2 deleted", "p3 purged", "p4 changed"]),
  );
  expect(would.conflicts).toMatchObject([{ name: "p1", path: "/title", kind: "value" }]);
  expect(would.removals).toEqual({ count: 2, max: 20, held: false });
  expect(would.send).toEqual(direction === "pull" ? null : { revisions: 1, objects: 1 });
  const real = await b.sync("peer");
  expect(real.received).toEqual(run.received);
  const [conflict] = (await b.conflicts({ status: "open" })).items;
  expect(conflict?.id).toBe(would.conflicts[0]?.id);
});

test("what would be held is told, and then is", async () => {
  const { a, b } = await linked("pull");
  expect(await b.setLink("peer", { maxRemovals: "1" })).toMatchObject({ maxRemovals: "1" });
  await expect(b.setLink("peer", { maxRemovals: "few" })).rejects.toMatchObject({ code: "USAGE" });
  for (const name of ["p1", "p2"]) await a.delete(`package/${name}`, ann);
  const { would, outcome } = await b.rehearse("peer");
  expect(outcome).toBe("ok");
  expect(would.removals).toEqual({ count: 2, max: 1, held: true });
  expect(await b.sync("peer")).toMatchObject({ outcome: "held" });
  const [link] = await b.links();
  expect(link).toMatchObject({ held: { removed: 0 } });
  // As where one had gone before.
  await b.store.saveLink({ ...(link as NonNullable<typeof link>), held: { removed: 1 } });
  const again = (await b.rehearse("peer")).would.removals;
  expect(again).toEqual({ count: 2, before: 1, max: 1, held: true });
  const agreed = await b.rehearse("peer", { acceptRemovals: true });
  expect(agreed.would.removals).toEqual({ count: 2, before: 1, max: 1, held: false });
  const told = describeRehearsal(agreed, fakeOutput());
  expect(told).toMatch(/would go: 2 objects deleted\n {4}deleted +package\/p1\n/);
  expect(told).toContain(
    "would be accepted: 2 live objects would go after 1 did, and 1 may at once",
  );
  expect(told).not.toContain("held");
  // Nothing was agreed to by that.
  expect(await b.sync("peer")).toMatchObject({ error: { message: /^3 live objects/ } });
  expect(await b.setLink("peer", { mode: "manual" })).toMatchObject({ held: { removed: 1 } });
  expect(await b.setLink("peer", { maxRemovals: "1" })).not.toHaveProperty("held");
  expect(await b.sync("peer", { acceptRemovals: true })).toMatchObject({ outcome: "ok" });
  expect((await b.links())[0]).not.toHaveProperty("held");
});

test("what the policy of the peer would delete is told, and taken back with its run", async () => {
  const { a, b } = await linked("both");
  await b.setLink("peer", { maxRemovals: "1" });
  for (const n of [1, 2]) {
    await a.delete(`package/p${n}`, ann);
    await b.set(`package/p${n}`, { title: "needed" }, bob);
  }
  await sync(b);
  const [live, { lsn }] = [await b.store.liveObjects(), await b.store.head()];
  const policy = { default: "newest", deletes: "delete-wins", names: {}, types: {} };
  await a.setPolicy(policy, ann);
  const { would } = await b.rehearse("peer");
  expect(would.changes.map(({ name, what }) => `${name} ${what}`).sort()).toEqual([
    ...["p1 deleted", "p2 deleted"],
  ]);
  expect(would.removals).toEqual({ count: 2, max: 1, held: true });
  expect(await b.sync("peer")).toMatchObject({ outcome: "held" });
  const run = await b.sync("peer", { acceptRemovals: true });
  expect(run).toMatchObject({ outcome: "ok", policy: { removed: 2, restored: 0 } });
  expect([await b.store.liveObjects(), await b.store.head()]).toMatchObject([live - 2, { lsn }]);
  const report = await b.undo("last", bob);
  expect(report).toMatchObject({ run: run.id, policy: "restored", undone: [], skipped: [] });
  expect(await b.store.liveObjects()).toBe(live);
  await sync(b);
  expect((await a.policy()).hash).toBe((await b.policy()).hash);
  const again = await b.undo(report.undo ?? "", bob);
  expect(again).toMatchObject({ policy: "restored" });
  expect(await b.store.liveObjects()).toBe(live - 2);
  expect(await b.undo(run.id, bob)).toMatchObject({ policy: "kept", undo: null });
});

test("of a link that sends, what would be sent", async () => {
  const { a, b } = await linked("push");
  await b.removeLink("peer");
  await b.addLink({ name: "out", url: await served(a), direction: "push" });
  await b.sync("out");
  await b.set("package/p1", { title: "by bob" }, bob);
  const before = [await imprint(a), await imprint(b)];
  const { would } = await b.rehearse("out");
  expect(would).toMatchObject({ send: { revisions: 1, objects: 1 }, changes: [], conflicts: [] });
  expect([await imprint(a), await imprint(b)]).toEqual(before);
});

test("a peer that is not there, and a stop, leave nothing behind", async () => {
  const { b } = await linked("pull");
  await b.addLink({ name: "gone", url: "http://127.0.0.1:9", direction: "pull" });
  const temporary = ownTemporaryFolder();
  expect(await b.rehearse("gone")).toMatchObject({ outcome: "failed" });
  const stopped = await b.rehearse("peer", { signal: AbortSignal.abort() });
  expect(stopped).toMatchObject({ outcome: "interrupted" });
  await expect(b.rehearse("none")).rejects.toMatchObject({ code: "LINK_NOT_FOUND" });
  expect(temporary.content()).toEqual([]);
});
