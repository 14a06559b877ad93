import type { Prng } from "../../../src/scenario/random/prng.ts";
import * as disasters from "../../../src/scenario/world/disasters.ts";
import {
  flowsOf,
  ownerOf,
  type PlannedLink,
  plannedLink,
} from "../../../src/scenario/world/links.ts";
import type { World } from "../../../src/scenario/world/world.ts";
import { type DisasterPlan, goOn } from "./disasters.ts";

const MORE_MAX = 3;

/**
 * An instance's folder is copied, both are edited and synced, and perhaps somebody gives the copy its
 * own identity before anybody is refused. (Copies of whole machines have tests of their own: as long
 * as neither is told, peers take both for one, and what they pass over in two sessions at once no
 * invariant could allow for.)
 */
export function scheduleClone(world: World, plan: DisasterPlan, random: Prng): void {
  const name = random.pick([...world.instances.keys()]);
  const as = `${name}2`;
  const [copiedAt = 0, toldApartAt = 0] = [random.fraction(), random.fraction()].sort();
  const isToldApart = random.chance(0.5);
  const after = (part: number, run: () => void | Promise<void>): void => {
    world.scheduler.after(part * plan.chaosMs, run);
  };
  after(copiedAt, async () => {
    const links = ownLinksOf(world, name, as);
    await disasters.cloneInstance(world, name, { as, isMachine: false, links });
    for (let more = random.between(0, MORE_MAX); more > 0; more--) {
      after((1 - copiedAt) * random.fraction(), () => goOn(world, plan, random, as));
    }
    await goOn(world, plan, random, as);
  });
  if (!isToldApart) return;
  after(toldApartAt, async () => {
    if (world.instances.has(as)) await disasters.newIdentity(world, as);
  });
}

/** What a copy needs to be heard, where the original is only dialed. */
function ownLinksOf(world: World, name: string, as: string): readonly PlannedLink[] {
  if (world.links.some((link) => ownerOf(link) === name)) return [];
  const flows = world.links.flatMap(flowsOf);
  const there = flows.find(({ source }) => source === name);
  const back = flows.find(({ target }) => target === name);
  if (there !== undefined && back !== undefined) return [plannedLink(as, there.target, "both")];
  if (there !== undefined) return [plannedLink(as, there.target, "push")];
  return back === undefined ? [] : [plannedLink(back.source, as, "pull")];
}
