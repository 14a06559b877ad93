// Proves that the settings of a link can be changed: what is named, all of it or nothing; that the
// next run goes by them, and a link that is live goes on by them at once.
import { expect, onTestFinished, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { served } from "./served.ts";
import { ann, twoSides } from "./two-sides.ts";

const names = async (instance: Instance) =>
  (await instance.store.objects({ limit: 100 })).map(({ name }) => name).sort();

async function linked(): Promise<{ a: Instance; b: Instance }> {
  const { a, b } = twoSides();
  await a.create("package", { name: "p1" }, ann);
  await a.create("user", { name: "ida" }, ann);
  await b.addLink({ name: "peer", url: await served(a), direction: "pull" });
  return { a, b };
}

test("what is named is set, and the next run goes by it", async () => {
  const { a, b } = await linked();
  await b.setLink("peer", { scope: { types: ["package"] } });
  expect(await b.sync("peer")).toMatchObject({ outcome: "ok" });
  expect(await names(b)).toEqual(["p1"]);
  await b.setLink("peer", { scope: null, direction: "both", mode: "every:1h" });
  await b.create("package", { name: "of-b" }, ann);
  expect(await b.sync("peer")).toMatchObject({ outcome: "ok" });
  expect(await names(b)).toEqual(["ida", "of-b", "p1"]);
  expect(await names(a)).toEqual(await names(b));
  expect((await b.links())[0]).toMatchObject({ mode: "every:1h", maxRemovals: "5%" });
});

test("what does not fit changes nothing", async () => {
  const { b } = await linked();
  const before = await b.links();
  for (const change of [
    {},
    { mode: "live", maxRemovals: "few" },
    { mode: "live", maxRemovals: "101%" },
    { mode: "live", maxRemovals: "0%" },
    { url: "no address", mode: "live" },
    { scope: { types: ["nonsense"] }, mode: "live" },
  ]) {
    await expect(b.setLink("peer", change)).rejects.toMatchObject({
      code: expect.stringMatching(/^(USAGE|INVALID_SCOPE)$/),
    });
  }
  await expect(b.setLink("x", { mode: "live" })).rejects.toMatchObject({ code: "LINK_NOT_FOUND" });
  expect(await b.links()).toEqual(before);
});

test("a limit that was taken before it was refused stands in no other change's way", async () => {
  const { b } = await linked();
  const [link] = await b.links();
  await b.store.saveLink({ ...(link as NonNullable<typeof link>), maxRemovals: "0%" });
  expect(await b.setLink("peer", { mode: "every:1h" })).toMatchObject({
    mode: "every:1h",
    maxRemovals: "0%",
  });
  expect(await b.setLink("peer", { maxRemovals: "0" })).toMatchObject({ maxRemovals: "0" });
});

test("a link that maps organizations stays one that receives", async () => {
  const { b } = await linked();
  await b.mapLink("peer", { unmapped: "refuse" });
  const both = b.setLink("peer", { direction: "both" });
  await expect(both).rejects.toMatchObject({ code: "USAGE", message: /travel back/ });
});

test("a link begins to be live, changes what it carries, and ends, while it is served", async () => {
  const { a, b } = await linked();
  const schedule = await b.schedule();
  onTestFinished(() => schedule.stop());
  expect((await b.status()).links[0]?.state).toBe("manual");
  await b.setLink("peer", { mode: "live", scope: { types: ["package"] } });
  await expect.poll(() => names(b), { timeout: 20_000 }).toEqual(["p1"]);
  await b.setLink("peer", { scope: null });
  await expect.poll(() => names(b), { timeout: 20_000 }).toEqual(["ida", "p1"]);
  await a.create("package", { name: "p2" }, ann);
  await expect.poll(() => names(b), { timeout: 20_000 }).toEqual(["ida", "p1", "p2"]);
  await b.setLink("peer", { refusesPurges: true });
  await a.purge("package/p2", { reason: "r" }, ann);
  await expect.poll(async () => (await b.status()).refusedPurges, { timeout: 20_000 }).toBe(1);
  await b.setLink("peer", { mode: "manual" });
  expect((await b.status()).links[0]?.state).toBe("manual");
});

/** `b` has pulled all of `a`: two packages, one of which is tagged. */
async function pulledAll(): Promise<{ a: Instance; b: Instance }> {
  const { a, b } = await linked();
  await a.create("package", { name: "wet", tags: ["water"] }, ann);
  await b.sync("peer");
  await b.create("package", { name: "of-b" }, ann);
  expect(await names(b)).toEqual(["ida", "of-b", "p1", "water", "wet"]);
  return { a, b };
}

const leftOf = async (instance: Instance, ref: string) => (await instance.get(ref)).left;

test("what falls out of a scope that is made smaller has left it", async () => {
  const { a, b } = await pulledAll();
  await b.setLink("peer", { scope: { tags: ["water"] } });
  expect(await leftOf(b, "package/p1")).toBeUndefined();
  const run = await b.sync("peer");
  expect(run).toMatchObject({ outcome: "ok", left: { dropped: 0, kept: 2 } });
  expect((await b.runs("peer"))[0]).toEqual(run);
  expect(await leftOf(b, "package/p1")).toEqual([a.identity.instance]);
  for (const ref of ["package/wet", "package/of-b"]) expect(await leftOf(b, ref)).toBeUndefined();
  expect((await b.links())[0]).not.toHaveProperty("formerScope");
  expect((await b.status()).departed).toBe(2);
  // Made larger again, it brings all of it back.
  await b.setLink("peer", { scope: { types: ["package", "user"] } });
  expect(await b.sync("peer")).toMatchObject({ outcome: "ok" });
  expect((await b.status()).departed).toBe(0);
  expect((await b.verify()).findings).toEqual([]);
});

test("where the link drops what leaves, the next run drops it, but not what another link carries", async () => {
  const { a, b } = await pulledAll();
  await b.addLink({
    ...{ name: "users", url: await served(a), direction: "pull" },
    scope: { types: ["user"] },
  });
  await b.sync("users");
  await b.setLink("peer", { scope: { tags: ["water"] }, onLeave: "drop" });
  await b.sync("peer");
  expect(await b.sync("peer")).toMatchObject({ outcome: "ok", left: { dropped: 1 } });
  expect(await names(b)).toEqual(["ida", "of-b", "water", "wet"]);
});
