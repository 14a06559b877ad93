// Proves with folders and sockets that an instance which was restored gets back what it lost before
// it is edited, says so, and that nobody waits for long, or at all who does not want to.
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { openInstance, restoreInstance } from "../../src/instance/open-instance.ts";
import type { OpenOptions } from "../../src/instance/open-options.ts";
import { by, newInstance } from "./instances.ts";
import { served } from "./served.ts";

async function reopened(folder: string, options: OpenOptions = {}) {
  const notices: string[] = [];
  const instance = await openInstance(folder, {
    threads: "none",
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
  onTestFinished(() => instance.close());
  return { instance, notices };
}

const titleOf = async (instance: Instance) => (await instance.get("package/p")).document?.title;

/** A restored folder that lost the title "two", and the hub that knows it. */
async function build(url?: string) {
  const { instance, folder } = await newInstance("a");
  const { instance: hub } = await newInstance("hub");
  await instance.create("package", { name: "p", title: "one" }, by);
  await instance.addLink({ name: "hub", url: await served(hub), direction: "push" });
  await instance.sync("hub");
  const backup = join(folder, "..", "monday.db");
  await instance.backup(backup);
  await instance.set("package/p", { title: "two" }, by);
  await instance.sync("hub");
  await instance.close();
  await restoreInstance(backup, folder, { force: true });
  if (url !== undefined) {
    const { instance: there } = await reopened(folder);
    await there.removeLink("hub");
    await there.addLink({ name: "hub", url, direction: "push" });
    await there.close();
  }
  return { folder, hub };
}

test("the first edit builds on what was lost", async () => {
  const { folder } = await build();
  const { instance, notices } = await reopened(folder);
  expect(await instance.status()).toMatchObject({
    recovery: { pending: ["hub"] },
    attention: [expect.stringContaining("recovery pending: hub")],
  });
  expect(await titleOf(instance)).toBe("one");
  await instance.set("package/p", { notes: "new" }, by);
  expect(await titleOf(instance)).toBe("two");
  expect(notices).toEqual([expect.stringContaining("(hub)"), "1 lost revision came back"]);
  expect(await instance.status()).toMatchObject({
    recovery: null,
    attention: [],
    conflicts: { open: 0 },
  });
  expect(await instance.verify()).toMatchObject({ ok: true });
  const [last] = await instance.history("package/p");
  expect(last?.parents).toHaveLength(1);
});

test("what was lost whole, or goes by another name, can be edited at once", async () => {
  const { instance, folder } = await newInstance("a");
  const { instance: hub } = await newInstance("hub");
  await instance.create("package", { name: "pump" }, by);
  await instance.addLink({ name: "hub", url: await served(hub), direction: "push" });
  const backup = join(folder, "..", "monday.db");
  await instance.backup(backup);
  await instance.create("package", { name: "lost" }, by);
  await instance.rename("package/pump", "well", by);
  await instance.sync("hub");
  await instance.close();
  const edits: ((back: Instance) => Promise<unknown>)[] = [
    (back) => back.delete("package/lost", by),
    (back) => back.set("package/well", { notes: "new" }, by),
    (back) => back.get("package/lost"),
  ];
  for (const edit of edits) {
    await restoreInstance(backup, folder, { force: true });
    const { instance: back } = await reopened(folder);
    await edit(back);
    await expect(back.get("package/pump")).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND" });
    await back.close();
  }
});

test("a change of the policy waits for it, too", async () => {
  const { folder } = await build();
  const { instance } = await reopened(folder);
  await instance.setPolicy({ default: "newest", deletes: "delete-wins", names: {}, types: {} }, by);
  expect(await titleOf(instance)).toBe("two");
});

test("where nobody answers, the edit is made, and it is said what is missing", async () => {
  const { folder, hub } = await build("http://127.0.0.1:1");
  const { instance, notices } = await reopened(folder);
  await instance.set("package/p", { title: "three" }, by);
  expect(notices.at(-1)).toMatch(/^no lost revisions came back; hub .*CONNECT_FAILED/);
  expect(await instance.status()).toMatchObject({ recovery: { pending: ["hub"] } });
  await instance.set("package/p", { title: "four" }, by);
  expect(notices).toHaveLength(2);
  await instance.removeLink("hub");
  await instance.addLink({ name: "hub", url: await served(hub), direction: "push" });
  expect(await instance.sync("hub")).toMatchObject({ outcome: "ok" });
  expect(await instance.status()).toMatchObject({
    recovery: null,
    conflicts: { open: 1 },
  });
});

test("who does not want to wait does not, and can later", async () => {
  const { folder } = await build();
  const { instance: hasty, notices } = await reopened(folder, { recovers: false });
  await hasty.set("package/p", { title: "three" }, by);
  expect(notices).toEqual([]);
  await hasty.close();
  const { instance } = await reopened(folder);
  await instance.set("package/p", { notes: "new" }, by);
  expect(await instance.status()).toMatchObject({ conflicts: { open: 1 } });
});
