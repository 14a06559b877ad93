import { isSynclineError } from "../../../src/base/errors.ts";
import type { RunRow } from "../../../src/store/rows.ts";
import type { World } from "./world.ts";

/**
 * The people of a network where policies were changed apart: on both sides of each link that
 * refuses they take over the other's policy, without talking to each other. A link that refuses has
 * brought the other's policy to one side at least (to both, unless others changed it meanwhile).
 */
export async function adoptWhereRefused(
  world: World,
  runs: readonly (RunRow | undefined)[],
): Promise<void> {
  const met = new Set<string>();
  for (const [at, { source, target }] of world.links.entries()) {
    const pair = [source, target].sort().join();
    if (runs[at]?.error?.code !== "POLICY_CONFLICT" || met.has(pair)) continue;
    met.add(pair);
    world.marks.add("policy adopted");
    const one = await adopted(world, source, target);
    const other = await adopted(world, target, source);
    if (!one && !other) {
      world.report({ invariant: "settles", detail: `${pair}: no side was offered a policy` });
    }
  }
}

async function adopted(world: World, who: string, from: string): Promise<boolean> {
  const { instance } = world.get(from).identity;
  try {
    await world.changePolicy(who, { author: "ann", message: "", adopt: instance });
    return true;
  } catch (error) {
    if (isSynclineError(error, "POLICY_CONFLICT")) return false;
    throw error;
  }
}
