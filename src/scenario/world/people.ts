import { isSynclineError } from "../../base/errors.ts";
import { keepIdentity, linkAgain, newIdentity } from "./disasters.ts";
import { ownerOf, type PlannedLink, peerOf } from "./links.ts";
import type { Ended } from "./live-links.ts";
import { mapAnew, nothingMapped } from "./mapped-links.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";
import type { World } from "./world.ts";

/** What a run ends with whose link maps to an organization that is gone, or one of several. */
const UNFOLLOWED: ReadonlySet<string> = new Set(["OBJECT_NOT_FOUND", "OBJECT_AMBIGUOUS"]);

/** The people of a network do what refused runs tell them to, without talking to each other. */
export async function mendWhereRefused(
  world: World,
  runs: readonly (Ended | undefined)[],
): Promise<void> {
  const refused = new Set<SimulatedInstance>();
  for (const [at, link] of [...world.links].entries()) {
    const error = runs[at]?.error;
    if (error?.code === "POLICY_CONFLICT") await adoptEachOthers(world, link);
    if (error?.code === "PEER_CHANGED") await linkAgain(world, link);
    if (error?.code === "REMOVALS_HELD") await agree(world, link);
    if (error !== undefined && UNFOLLOWED.has(error.code)) await giveUpMapping(world, link);
    if (error?.code !== "SAME_IDENTITY" && error?.code !== "ACTOR_FORK") continue;
    for (const instance of world.instances.values()) {
      if (error.message.includes(instance.identity.instance)) refused.add(instance);
    }
  }
  await tellApart(world, [...refused]);
}

/** Where two-way links refuse because the policy was changed apart, both sides take the other's. */
async function adoptEachOthers(world: World, { source, target }: PlannedLink): Promise<void> {
  world.marks.add("policy adopted");
  await adopt(world, source, target);
  await adopt(world, target, source);
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

/**
 * Somebody agrees to what a run was held for: where it is started; if that side does not decide, by
 * what the links of the other side let go.
 */
async function agree(world: World, link: PlannedLink): Promise<void> {
  world.marks.add("removals agreed to");
  world.removals.agreed(link);
  const run = await world.runLink(link, { acceptRemovals: true });
  if (run?.error?.code === "POLICY_CONFLICT") await adoptEachOthers(world, link);
  if (run?.error?.code !== "REMOVALS_HELD") return;
  const { instance } = world.get(ownerOf(link)).identity;
  const { durable } = world.get(peerOf(link));
  for (const row of await durable.links()) {
    if (row.peer === instance) await durable.saveLink({ ...row, maxRemovals: "100%" });
  }
}

/** Somebody takes back rules that cannot be followed any more. */
async function giveUpMapping(world: World, link: PlannedLink): Promise<void> {
  world.marks.add("mapping given up");
  world.trace.add(ownerOf(link), `does not map organizations over ${link.name} any more`);
  await mapAnew(world.get(ownerOf(link)).durable, link, nothingMapped);
}

/** Of several copies of an instance one goes on, and the others get identities of their own. */
async function tellApart(world: World, refused: readonly SimulatedInstance[]): Promise<void> {
  const copies = Map.groupBy(refused, ({ identity }) => identity.instance);
  for (const [first, ...others] of copies.values()) {
    for (const { name } of others) await newIdentity(world, name);
    if (others.length === 0 && first !== undefined) await keepIdentity(world, first.name);
    for (const one of [first, ...others]) if (one !== undefined) world.start(one.name);
  }
}
