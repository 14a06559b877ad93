import { isSynclineError } from "../../base/errors.ts";
import type { Ended } from "./live-links.ts";
import type { World } from "./world.ts";

/**
 * The people of a network where policies were changed apart: on both sides of each link that
 * refuses they take over the other's policy, without talking to each other.
 */
export async function adoptWhereRefused(
  world: World,
  runs: readonly (Ended | undefined)[],
): Promise<void> {
  for (const [at, { source, target }] of world.links.entries()) {
    if (runs[at]?.error?.code !== "POLICY_CONFLICT") continue;
    world.marks.add("policy adopted");
    await adopt(world, source, target);
    await adopt(world, target, source);
  }
}

/** What was offered may be known by now: adopted from another one, or over another link. */
async function adopt(world: World, who: string, from: string): Promise<void> {
  const { instance } = world.get(from).identity;
  try {
    await world.changePolicy(who, { author: "ann", message: "", adopt: instance });
  } catch (error) {
    if (!isSynclineError(error, "POLICY_CONFLICT")) throw error;
  }
}
