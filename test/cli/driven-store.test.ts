// Proves what becomes of a server's store in the hands of a driver: commits fail as it says, and change
// nothing then; one that is held is durable before its caller hears of it; what only reads goes on.
import { beforeEach, expect, test } from "vitest";
import { DrivenStore } from "../../src/cli/driven-store.ts";
import type { Store } from "../../src/store/store.ts";
import { addPackages, memoryStore } from "../sync/world.ts";

let driver: DrivenStore;
let store: Store;
/** Commits that are told of as held. */
let told: number;

beforeEach(() => {
  told = 0;
  driver = new DrivenStore(() => {
    told += 1;
  });
  store = driver.around(memoryStore("A"));
});

async function isLeft(commit: Promise<unknown>): Promise<boolean> {
  const soon = new Promise((resolve) => setImmediate(resolve, "held"));
  return (await Promise.race([commit, soon])) === "held";
}

test("a disk fails at the next commit, or at all until it is mended; nothing is stored", async () => {
  driver.fail("next");
  await expect(addPackages(store, [1])).rejects.toMatchObject({ code: "STORE_IO" });
  expect((await store.head()).lsn).toBe(0);
  await addPackages(store, [1]);
  driver.fail("on");
  await expect(addPackages(store, [2])).rejects.toMatchObject({ code: "STORE_IO" });
  await expect(addPackages(store, [2])).rejects.toMatchObject({ code: "STORE_IO" });
  expect((await store.head()).lsn).toBe(1);
  driver.fail("off");
  await addPackages(store, [2]);
  expect([(await store.head()).lsn, told]).toEqual([2, 0]);
});

test("commits are held in their order, each durable; all go on when none is held any more", async () => {
  driver.hold(true);
  const [first, second, third] = [1, 2, 3].map((number) => addPackages(store, [number]));
  expect(await isLeft(first as Promise<void>)).toBe(true);
  expect([(await store.head()).lsn, told]).toEqual([3, 3]);
  driver.go();
  await first;
  expect(await isLeft(second as Promise<void>)).toBe(true);
  driver.hold(false);
  await Promise.all([second, third]);
  await addPackages(store, [4]);
  expect(told).toBe(3);
});
