// Proves what status says of the catalog and of how far behind each link is, and what links are
// refused.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { by, newInstance } from "./instances.ts";
import { served } from "./served.ts";

test("the catalog in numbers", async () => {
  const { instance } = await newInstance("tokyo");
  await instance.create("package", { name: "a", tags: [{ name: "t" }] }, by);
  await instance.create("package", { name: "b" }, by);
  await instance.delete("package/b", by);
  const status = await instance.status();
  expect(status).toMatchObject({
    instance: { name: "tokyo", id: instance.identity.instance },
    head: { lsn: 4, chain: expect.stringMatching(/^[0-9a-f]{32}$/) },
    objects: { package: 1, tag: 1 },
    deleted: 1,
    revisions: 4,
    diverged: 0,
    conflicts: { open: 0 },
    quarantined: 0,
    refusedPurges: 0,
    recovery: null,
    parked: 0,
    links: [],
    attention: [],
  });
  expect(status.digest).toMatch(/^[0-9a-f]{64}$/);
});

describe("lag", () => {
  test("of a pull: unknown, none after a sync, and what the peer was last heard to have", async () => {
    const { instance: a } = await newInstance("a");
    await a.create("package", { name: "p", notes: "Sea" }, by);
    let nowMs = Date.parse("2026-01-15T10:00:00Z");
    const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };
    const { instance: b } = await newInstance("b", { clock });
    await b.addLink({ name: "a", url: await served(a), direction: "pull" });
    const lag = async () => (await b.status()).links[0]?.lag;
    expect(await lag()).toEqual({ revisions: null, seconds: null });

    const progress: number[] = [];
    const run = await b.sync("a", { onProgress: ({ done }) => progress.push(done) });
    expect(run).toMatchObject({ outcome: "ok", received: { revisions: 1 }, link: "a" });
    expect(progress.at(-1)).toBe(1);
    expect((await b.search({ text: "sea", limit: 1 })).total).toBe(1);
    nowMs += 60_000;
    expect(await lag()).toEqual({ revisions: 0, seconds: 0 });
    const [link] = (await b.status()).links;
    expect(link).toMatchObject({ name: "a", peer: a.identity.instance, direction: "pull" });
    expect(link?.lastRun).toEqual(run);
    expect(await b.runs("a")).toEqual([run]);
    expect((await b.status()).digest).toBe((await a.status()).digest);

    const [row] = await b.links();
    if (row !== undefined) await b.store.saveLink({ ...row, remoteHead: 11 });
    expect(await lag()).toEqual({ revisions: 10, seconds: 60 });
  });

  test("of a push: what the peer has not confirmed", async () => {
    const { instance: a } = await newInstance("a");
    const { instance: b } = await newInstance("b");
    await b.create("package", { name: "p" }, by);
    await b.addLink({ name: "a", url: await served(a), direction: "push" });
    expect((await b.sync("a")).outcome).toBe("ok");
    await b.set("package/p", { title: "1" }, by);
    const [link] = (await b.status()).links;
    expect(link?.lag.revisions).toBe(1);
    expect((await a.get("package/p")).name).toBe("p");
  });

  test("of a peer that never answered", async () => {
    const { instance } = await newInstance();
    await instance.addLink({ name: "x", url: "http://127.0.0.1:1", direction: "pull" });
    const run = await instance.sync("x");
    expect(run).toMatchObject({ outcome: "failed", error: { code: "CONNECT_FAILED" } });
    expect((await instance.status()).links[0]?.lag).toEqual({ revisions: null, seconds: null });
  });
});

test("a link whose last run did not end well needs attention until one does", async () => {
  const { instance: a } = await newInstance("a");
  const { instance: b } = await newInstance("b");
  const address = await served(a);
  await b.addLink({ name: "a", url: "http://127.0.0.1:1", direction: "pull" });
  expect((await b.status()).attention).toEqual([]);
  const { error } = await b.sync("a");
  expect((await b.status()).attention).toEqual([
    `link a failed, CONNECT_FAILED: ${error?.message}`,
  ]);
  await b.sync("a", { signal: AbortSignal.abort() });
  expect((await b.status()).attention).toEqual([
    "link a was interrupted, INTERRUPTED: the sync was stopped",
  ]);
  const [row] = await b.links();
  if (row !== undefined) await b.store.saveLink({ ...row, url: address });
  expect(await b.sync("a")).toMatchObject({ outcome: "ok" });
  expect((await b.status()).attention).toEqual([]);
});

test("two syncs of a link at once follow each other, and closing stops what is running", async () => {
  const { instance: a } = await newInstance("a");
  await a.create("package", { name: "p" }, by);
  const { instance: b } = await newInstance("b");
  await b.addLink({ name: "a", url: await served(a), direction: "pull" });
  const [first, second] = await Promise.all([b.sync("a"), b.sync("a")]);
  expect(first.received.revisions).toBe(1);
  expect(second).toMatchObject({ outcome: "ok", received: { revisions: 0 } });

  const silent = createServer();
  silent.on("upgrade", (_request, socket) => onTestFinished(() => void socket.destroy()));
  await new Promise<void>((ready) => silent.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  await b.addLink({ name: "silent", url: `http://127.0.0.1:${port}`, direction: "pull" });
  const stopped = b.sync("silent");
  const dialed = new Promise((resolve) => silent.once("upgrade", resolve));
  await dialed;
  await b.close();
  expect(await stopped).toMatchObject({ outcome: "interrupted" });
});

describe("links", () => {
  const link = { name: "hq", url: "http://127.0.0.1:7300", direction: "pull" } as const;

  test("are kept with their defaults, listed, and removed", async () => {
    const { instance } = await newInstance();
    const row = await instance.addLink(link);
    expect(row).toMatchObject({ mode: "manual", scope: null, maxRemovals: "5%", peer: null });
    expect(await instance.links()).toEqual([row]);
    await expect(instance.addLink(link)).rejects.toMatchObject({ code: "LINK_EXISTS" });
    await instance.removeLink("hq");
    expect(await instance.links()).toEqual([]);
    await expect(instance.removeLink("hq")).rejects.toMatchObject({ code: "LINK_NOT_FOUND" });
    await expect(instance.sync("hq")).rejects.toMatchObject({ code: "LINK_NOT_FOUND" });
  });

  test.each([
    ["a name with spaces", { name: "a b" }],
    ["no name", { name: "" }],
    ["no address", { url: "somewhere" }],
    ["another protocol", { url: "ftp://example.org" }],
    ["a password in the address", { url: "ws://ann:secret@127.0.0.1:7300" }],
    ["a user name in the address", { url: "https://ann@example.org" }],
    ["a direction", { direction: "sideways" as "pull" }],
    ["a mode", { mode: "every:0m" }],
    ["a limit", { maxRemovals: "many" }],
  ])("refuse %s", async (_what, change) => {
    const { instance } = await newInstance();
    const refused = instance.addLink({ ...link, ...change });
    await expect(refused).rejects.toMatchObject({ code: "USAGE", hint: expect.any(String) });
    await expect(refused).rejects.not.toThrow("secret");
    expect(await instance.links()).toEqual([]);
  });

  test.each([["a token", { tokenFile: "token" }]])(
    "are not available yet with %s",
    async (_what, change) => {
      const { instance } = await newInstance();
      const refused = instance.addLink({ ...link, ...(change as object) });
      await expect(refused).rejects.toMatchObject({ code: "LINK_UNSUPPORTED" });
    },
  );
});
