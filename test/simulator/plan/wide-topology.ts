import type { Prng } from "../../../src/scenario/random/prng.ts";
import { plannedLink } from "../../../src/scenario/world/links.ts";
import type { Swarm } from "./swarm.ts";
import { chain, mesh, NAMES, ring, star, type Topology } from "./topology.ts";

const SIZE_MIN = 5;
const MESH_SIZE = 5;
const EDITS_MAX = 16;
const RUNS_MAX = 2;

/** A network of up to eight; each link of it goes one way, in any direction, or both ways. */
export function drawWideTopology(random: Prng): Topology {
  const size = random.between(SIZE_MIN, NAMES.length);
  const shape = random.weighted({ graph: 5, chain: 2, star: 2, ring: 2, mesh: 1 });
  const shapes = {
    graph: () => graph(random),
    chain: () => chain(size),
    star: () => star(size),
    ring: () => ring(size),
    mesh: () => mesh(MESH_SIZE),
  };
  const pairs = shapes[shape]();
  const twoWayShare = random.pick([0, 0.5, 0.8, 1]);
  const links = pairs.map(([one, other]) => {
    if (random.chance(twoWayShare)) return plannedLink(one, other, "both");
    const [source, target] = random.chance(0.5) ? [one, other] : [other, one];
    return plannedLink(source, target, random.pick(["pull", "push"] as const));
  });
  return { shape: `wide ${shape}`, instances: [...new Set(pairs.flat())].sort(), links };
}

/** Everybody is linked with somebody who was there before, and some with others, too. */
function graph(random: Prng): [string, string][] {
  const names = NAMES.slice(0, random.between(3, NAMES.length));
  const tree = names.slice(1).map((name, at): [string, string] => {
    return [NAMES[random.between(0, at)] as string, name];
  });
  const linked = new Set(tree.map((pair) => pair.join()));
  const others = mesh(names.length).filter((pair) => !linked.has(pair.join()));
  const moreShare = random.pick([0, 0.1, 0.3]);
  return [...tree, ...others.filter(() => random.chance(moreShare))];
}

/** What makes up for it that there are many. */
export function smaller(swarm: Swarm): Swarm {
  if (!swarm.wide) return swarm;
  const edits = Math.min(swarm.edits, EDITS_MAX);
  return { ...swarm, edits, runsPerLink: Math.min(swarm.runsPerLink, RUNS_MAX) };
}
