// Proves that a link, or a server, can refuse the purges of its peer: they are counted and wait, the
// sync goes on, what comes later is not stopped, and they are carried out once somebody lets them.
import { expect, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import type { Direction } from "../../src/store/rows.ts";
import { newInstance } from "./instances.ts";
import { expectEqual, served } from "./served.ts";
import { ann, bob } from "./two-sides.ts";

const REF = "package/stops";

async function named(name: string): Promise<Instance> {
  return (await newInstance(name)).instance;
}

/** A and B with two packages; B has a link to A that refuses purges. */
async function refusing(direction: Direction): Promise<{ a: Instance; b: Instance }> {
  const [a, b] = [await named("A"), await named("B")];
  for (const name of ["stops", "parks"]) await a.create("package", { name }, ann);
  await b.addLink({ name: "peer", url: await served(a), direction, refusesPurges: true });
  expect(await b.sync("peer")).toMatchObject({ outcome: "ok", refused: [] });
  return { a, b };
}

test.each(["pull", "both"] as const)("a link refuses purges (%s)", async (direction) => {
  const { a, b } = await refusing(direction);
  const { purges } = await a.purge(REF, { reason: "r" }, ann);
  await a.create("package", { name: "later" }, ann);
  const run = await b.sync("peer");
  expect(run).toMatchObject({
    ...{ outcome: "ok", received: { revisions: 1, purges: 0 } },
    refused: [{ id: purges?.[0]?.id, code: "PURGE_REFUSED" }],
  });
  expect((await b.get(REF)).name).toBe("stops");
  expect(await b.status()).toMatchObject({
    ...{ refusedPurges: 1, quarantined: 1, attention: ["1 refused purge"] },
    objects: { package: 3 },
  });
  // It was passed: nothing comes again, and what is edited here is dropped there.
  await b.set(REF, { title: "kept" }, bob);
  expect(await b.sync("peer")).toMatchObject({ outcome: "ok", refused: [] });
  expect((await a.status()).objects).toEqual({ package: 2 });
  expect((await b.get(REF)).document).toMatchObject({ title: "kept" });
});

test("what a link refused is carried out once it may be", async () => {
  const { a, b } = await refusing("both");
  await a.purge(REF, { reason: "r" }, ann);
  await b.sync("peer");
  expect((await b.links())[0]).toMatchObject({ refusesPurges: true });
  expect(await b.setLink("peer", { refusesPurges: false })).not.toHaveProperty("refusesPurges");
  await expect(b.get(REF)).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
  expect(await b.status()).toMatchObject({ refusedPurges: 0, quarantined: 0, purged: 1 });
  expect(await b.sync("peer")).toMatchObject({ outcome: "ok", refused: [] });
  await expectEqual(a, b);
  await a.purge("package/parks", { reason: "r" }, ann);
  await b.sync("peer");
  await expectEqual(a, b);
});

test("purges that are refused do not count as removals that hold a run", async () => {
  const { a, b } = await refusing("pull");
  for (let n = 0; n < 40; n++) await a.create("package", { name: `p${n}` }, ann);
  await b.sync("peer");
  for (let n = 0; n < 40; n++) await a.purge(`package/p${n}`, { reason: "r" }, ann);
  const run = await b.sync("peer");
  expect(run.outcome).toBe("ok");
  expect(run.refused).toHaveLength(40);
  expect((await b.status()).objects).toEqual({ package: 42 });
});

test.each([
  ["its link with the dialer says so", true],
  ["it serves so, without a link", false],
])("a peer that dials is refused its purges: %s", async (_how, hasLink) => {
  const [a, b] = [await named("A"), await named("B")];
  await a.create("package", { name: "stops" }, ann);
  if (hasLink) {
    await b.addLink({ name: "a", url: await served(a), direction: "pull", refusesPurges: true });
    await b.sync("a");
  }
  const url = await served(b, { refusesPurges: !hasLink });
  await a.addLink({ name: "peer", url, direction: "push" });
  await a.sync("peer");
  await a.purge(REF, { reason: "r" }, ann);
  expect(await a.sync("peer")).toMatchObject({
    ...{ outcome: "ok", refused: [{ code: "PURGE_REFUSED" }] },
  });
  expect((await b.status()).objects).toEqual({ package: 1 });
});
