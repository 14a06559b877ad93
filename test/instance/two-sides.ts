/** Two instances that carry everything to each other, and ways to make them disagree. */
import { systemClock } from "../../src/base/ports/clock.ts";
import type { ConflictItem } from "../../src/instance/conflicts/conflict-item.ts";
import type { ConflictQuery } from "../../src/instance/conflicts/find-conflict.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { all, lines, memoryInstance } from "./instances.ts";

export interface TwoSides {
  readonly a: Instance;
  readonly b: Instance;
}

/** What b does is later than what a did without having seen it. */
export function twoSides(): TwoSides {
  const later = { ...systemClock, nowMs: () => systemClock.nowMs() + 1000 };
  return { a: memoryInstance("hq"), b: memoryInstance("branch", { clock: later }) };
}

/** Carries all revisions both ways. */
export async function exchange({ a, b }: TwoSides): Promise<void> {
  await b.importRevisions(lines(...(await all(a.revisionsSince()))));
  await a.importRevisions(lines(...(await all(b.revisionsSince()))));
}

export const ann = { author: "ann", message: "from hq" };
export const bob = { author: "bob", message: "from branch" };

/** A package of this name that ann at hq, then bob at the branch have given another title. */
export async function retitled(name = "stops"): Promise<TwoSides> {
  const sides = twoSides();
  await sides.a.create("package", { name, title: "Stops" }, ann);
  await exchange(sides);
  await sides.a.set(`package/${name}`, { title: "Bus stops" }, ann);
  await sides.b.set(`package/${name}`, { title: "Tram stops" }, bob);
  await exchange(sides);
  return sides;
}

/** The only conflict that fits. */
export async function onlyConflict(
  instance: Instance,
  query: ConflictQuery = {},
): Promise<ConflictItem> {
  const { items, next } = await instance.conflicts(query);
  if (items.length !== 1 || next !== null) throw new Error(`${items.length} conflicts, not 1`);
  return items[0] as ConflictItem;
}
