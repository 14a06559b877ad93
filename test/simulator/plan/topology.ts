import type { Prng } from "../random/prng.ts";

export interface PlannedLink {
  readonly name: string;
  /** Data goes from `source` to `target`. */
  readonly source: string;
  readonly target: string;
  /** A pull link belongs to the target, a push link to the source: the owner dials. */
  readonly direction: "pull" | "push";
}

export interface Topology {
  readonly shape: string;
  readonly instances: readonly string[];
  readonly links: readonly PlannedLink[];
}

type Flows = readonly (readonly [source: string, target: string])[];

/** The shapes of one-way sync, by name. */
const SHAPES: Readonly<Record<string, Flows>> = {
  pair: [["A", "B"]],
  chain3: [
    ["A", "B"],
    ["B", "C"],
  ],
  chain4: [
    ["A", "B"],
    ["B", "C"],
    ["C", "D"],
  ],
  star3: [
    ["A", "B"],
    ["A", "C"],
  ],
  star4: [
    ["A", "B"],
    ["A", "C"],
    ["A", "D"],
  ],
  sink: [
    ["A", "C"],
    ["B", "C"],
  ],
  /** C hears of A's work twice. */
  shortcut: [
    ["A", "B"],
    ["B", "C"],
    ["A", "C"],
  ],
  diamond: [
    ["A", "B"],
    ["A", "C"],
    ["B", "D"],
    ["C", "D"],
  ],
};

/** With `doubled`, some data flows over two links, one for each direction. */
export function drawTopology(random: Prng, doubled: boolean): Topology {
  const shape = random.pick(Object.keys(SHAPES));
  const flows = SHAPES[shape] as Flows;
  const links = flows.flatMap(([source, target]) => {
    const direction = random.pick(["pull", "push"] as const);
    const link = plannedLink(source, target, direction);
    if (!random.chance(0.5) || !doubled) return [link];
    return [link, plannedLink(source, target, direction === "pull" ? "push" : "pull")];
  });
  return { shape, instances: [...new Set(flows.flat())].sort(), links };
}

export function plannedLink(
  source: string,
  target: string,
  direction: "pull" | "push",
): PlannedLink {
  return { name: `${source}-${target}-${direction}`, source, target, direction };
}

/** Whose link it is: the side that dials. */
export function ownerOf({ source, target, direction }: PlannedLink): string {
  return direction === "pull" ? target : source;
}

/** The side that is dialed. */
export function peerOf({ source, target, direction }: PlannedLink): string {
  return direction === "pull" ? source : target;
}
