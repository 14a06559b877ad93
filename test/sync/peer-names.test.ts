// Proves that instances learn what others are called: whoever they sync with, whoever dials, and
// whoever those know; and that a name can stand for an instance afterwards.
import { expect, test } from "vitest";
import { NAMES_TOLD_MAX } from "../../src/base/limits.ts";
import { instanceNamed } from "../../src/instance/instance-names.ts";
import type { Store } from "../../src/store/store.ts";
import { both } from "./both.ts";
import { addPackages, memoryStore, range, syncOnce, withMethods } from "./world.ts";

const names = async (store: Store): Promise<readonly (string | boolean | null)[][]> =>
  (await store.peers()).map(({ name, isMet }) => [name, isMet]).sort();

test("both sides of a session know each other's name, and hear of others", async () => {
  const [a, b, c] = [memoryStore("a"), memoryStore("b"), memoryStore("c")];
  await addPackages(a, range(0, 3));
  await both(a, b);
  expect(await names(a)).toEqual([["b", true]]);
  expect(await names(b)).toEqual([["a", true]]);
  await both(c, b);
  expect(await names(c)).toEqual([
    ["a", false],
    ["b", true],
  ]);
  const parts = { identity: c.identity(), store: c };
  expect(await instanceNamed(parts, "a")).toBe(a.identity().instance);
  await expect(instanceNamed(parts, "d")).rejects.toThrow("no instance that is known here is");
});

test("a name that two claim stands for none of them", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, 1));
  await both(a, b);
  b.learnNames([{ instance: memoryStore("other").identity().instance, name: "a", isMet: false }]);
  const parts = { identity: b.identity(), store: b };
  await expect(instanceNamed(parts, "a")).rejects.toThrow("several instances are named a");
});

test("nobody is told more names than one message takes, those that were met first", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, 1));
  const others = range(0, 2 * NAMES_TOLD_MAX).map((n) => ({
    ...{ instance: memoryStore(`other ${n}`).identity().instance, name: `other ${n}` },
    isMet: n >= NAMES_TOLD_MAX,
  }));
  a.learnNames(others);
  await syncOnce(b, a, "pull");
  const told = b.peers().flatMap(({ name, isMet }) => (isMet ? [] : [name]));
  const met = others.filter(({ isMet }) => isMet).map(({ name }) => name);
  expect(told.sort()).toEqual(met.sort());
});

test("a store that cannot keep names syncs all the same", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, 1));
  const learnNames = (): never => {
    throw new Error("no room");
  };
  const { dialer } = await syncOnce(withMethods(b, { learnNames }), a, "pull");
  expect(dialer).toMatchObject({ outcome: "ok", received: { revisions: 1 } });
});
