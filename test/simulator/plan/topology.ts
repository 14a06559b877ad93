import type { Prng } from "../../../src/scenario/random/prng.ts";
import { type PlannedLink, plannedLink } from "../../../src/scenario/world/links.ts";
import type { Direction } from "../../../src/store/rows.ts";

export interface Topology {
  readonly shape: string;
  readonly instances: readonly string[];
  readonly links: readonly PlannedLink[];
}

/** Which directions the links of a seed have. */
type Traffic = "one way" | "both ways" | "mixed";

export const NAMES = ["A", "B", "C", "D", "E", "F", "G", "H"] as const;
/** The larger a ring, the longer a seed takes; there are larger ones in wide networks. */
const RING_SIZES = [3, 3, 3, 3, 3, 4, 4, 5] as const;

/** The instances of a chain; a ring closes it. */
export function chain(size: number): [source: string, target: string][] {
  return NAMES.slice(1, size).map((name, at) => [NAMES[at] as string, name]);
}

export function ring(size: number): [source: string, target: string][] {
  return [...chain(size), [NAMES[size - 1] as string, "A"]];
}

export function star(size: number): [source: string, target: string][] {
  return NAMES.slice(1, size).map((name) => ["A", name]);
}

export function mesh(size: number): [source: string, target: string][] {
  const names = NAMES.slice(0, size);
  return names.flatMap((name, at) =>
    names.slice(at + 1).map((other): [string, string] => [name, other]),
  );
}

/** The shapes that networks have, by name: how often each is drawn, and who is linked with whom. */
const SHAPES: Readonly<
  Record<string, { readonly weight: number; flows(random: Prng): [string, string][] }>
> = {
  pair: { weight: 6, flows: () => chain(2) },
  chain: { weight: 3, flows: (random) => chain(random.between(3, 4)) },
  star: { weight: 3, flows: (random) => star(random.between(3, 4)) },
  ring: {
    weight: 3,
    flows: (random) => ring(random.pick(RING_SIZES)),
  },
  mesh: { weight: 1, flows: (random) => mesh(random.between(3, 4)) },
  sink: {
    weight: 1,
    flows: () => [
      ["A", "C"],
      ["B", "C"],
    ],
  },
  /** D hears of A's work twice. */
  diamond: {
    weight: 2,
    flows: () => [
      ["A", "B"],
      ["A", "C"],
      ["B", "D"],
      ["C", "D"],
    ],
  },
};

/** With `doubled`, some data flows over two links. */
export function drawTopology(random: Prng, doubled: boolean): Topology {
  const weights = Object.entries(SHAPES).map(([name, { weight }]) => [name, weight]);
  const shape = random.weighted(Object.fromEntries(weights) as Record<string, number>);
  const traffic = random.pick<Traffic>(["one way", "both ways", "both ways", "mixed"]);
  const flows = (SHAPES[shape] as (typeof SHAPES)[string]).flows(random);
  const links = flows.flatMap(([source, target]) => {
    const direction = drawDirection(random, traffic);
    const link = plannedLink(source, target, direction);
    if (!random.chance(0.5) || !doubled) return [link];
    return [link, second(random, link)];
  });
  return { shape: `${shape}, ${traffic}`, instances: [...new Set(flows.flat())].sort(), links };
}

function drawDirection(random: Prng, traffic: Traffic): Direction {
  const oneWay = random.pick(["pull", "push"] as const);
  if (traffic === "mixed") return random.chance(0.5) ? "both" : oneWay;
  return traffic === "both ways" ? "both" : oneWay;
}

/** Another link for the same data: of the other side, or, beside a two-way link, one way only. */
function second(random: Prng, { source, target, direction }: PlannedLink): PlannedLink {
  if (direction === "pull") return plannedLink(source, target, "push");
  if (direction === "push") return plannedLink(source, target, "pull");
  return plannedLink(target, source, random.pick(["pull", "push", "both"] as const));
}
