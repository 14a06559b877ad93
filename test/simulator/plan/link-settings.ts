import type { Prng } from "../../../src/scenario/random/prng.ts";
import type { PlannedLink } from "../../../src/scenario/world/links.ts";
import type { Topology } from "./topology.ts";

const GUARDED_SHARE = 0.2;
const DROPPING_SHARE = 0.5;
const REMOVALS_MAX = 3;

/** How links are set beside what they carry: what they let go at once, and whether they drop what leaves. */
export function drawSettings(topology: Topology, random: Prng): Topology {
  const isGuarded = random.chance(GUARDED_SHARE);
  const drops = random.chance(DROPPING_SHARE);
  const links = topology.links.map((link) => ({
    ...link,
    ...(isGuarded ? guard(random) : {}),
    ...(drops && mayDrop(link) && random.chance(0.7) ? ({ onLeave: "drop" } as const) : {}),
  }));
  return { ...topology, links };
}

function guard(random: Prng): Pick<PlannedLink, "maxRemovals"> {
  return random.chance(0.7) ? { maxRemovals: String(random.between(0, REMOVALS_MAX)) } : {};
}

/** Only a link that receives a part of what there is sees anything leave. */
function mayDrop({ scope, direction }: PlannedLink): boolean {
  return scope !== undefined && direction !== "push";
}
