// Proves that calls made at once on one open instance are all done, also those that are under way
// when its writing leaves the calling thread for one of its own.
import { expect, test } from "vitest";
import type { InstanceId } from "../../src/base/ids.ts";
import type { Instance } from "../../src/instance/instance.ts";
import type { Store } from "../../src/store/store.ts";
import { by, newInstance } from "./instances.ts";

const fresh = async (): Promise<Instance> =>
  (await newInstance("many", { threads: "on-demand" })).instance;

/** More than are ever made on the calling thread. */
const NAMES = Array.from({ length: 12 }, (_, i) => `n${i}`);

test("of twelve objects created at once, all are there", async () => {
  const instance = await fresh();
  await Promise.all(NAMES.map((name) => instance.create("package", { name }, by)));
  const stored = await instance.store.objects({ limit: 20 });
  expect(stored.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

const where = { source: "0".repeat(32) as InstanceId, scope: "5c09e" };

const much: Readonly<Record<string, (store: Store) => unknown>> = {
  verify: (store) => store.verify(),
  "dropping what left": (store) => store.dropLeft(where),
};

test.each(Object.keys(much))("what was begun before %s, and what comes after it", async (name) => {
  const instance = await fresh();
  const before = instance.store.saveSettings({ defaultRole: "reader" });
  const created = instance.create("package", { name: "a" }, by);
  const whole = much[name]?.(instance.store);
  const after = instance.create("package", { name: "b" }, by);
  await Promise.all([before, created, whole, after]);
  expect(await instance.store.settings()).toEqual({ defaultRole: "reader" });
  expect((await instance.store.counts()).objects).toEqual({ package: 2 });
});
