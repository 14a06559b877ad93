import type { Prng } from "../../../src/scenario/random/prng.ts";
import { type DisasterClass, drawDisasters } from "./disasters.ts";

/** The classes of faults; each seed has each of them or not. */
const FAULT_CLASSES = [
  /** Connections break at a frame. */
  "cut",
  /** A frame arrives with a bit flipped. */
  "damage",
  /** Connections swallow what is sent, one way or both, and may break later. */
  "halfOpen",
  /** Long latency, low rate. */
  "slowNetwork",
  /** The news that a connection ended comes late. */
  "lateClose",
  /** A link is run again while its run is under way. */
  "duplicateSession",
  /** The same data flows over two links, one pulling and one pushing. */
  "doubledLink",
  /** Instances stop at any time. */
  "crash",
  /** Instances stop right before or right after a commit. */
  "crashAtCommit",
  /** A commit fails, and nothing happened. */
  "diskFull",
  /** Clocks are wrong by minutes to years. */
  "clockSkew",
  /** Clocks jump, also a year back. */
  "clockJump",
] as const;
/** How often a network is larger than usual: such a seed takes longer. */
const WIDE_SHARE = 0.08;
const CLONE_SHARE = 0.12;
const POISON_SHARE = 0.15;
const MAPS_SHARE = 0.35;
/** How often links carry parts between mixed versions, and instances that are set back, lost or copied. */
const TOGETHER_SHARE = 0.5;
/** How often they are set back and copied then, too. */
const SET_BACK_SHARE = 0.5;

/**
 * Drawn apart: a commit fails with an error of the disk, once or for some time, and nothing happened;
 * and a record of somebody's log is read as one that nobody can take, until that is mended.
 */
export type FaultClass = (typeof FAULT_CLASSES)[number] | "ioError" | "poison";

/** What a seed is about (swarm testing, Groce et al. 2012: leave out some things in each run). */
export interface Swarm {
  readonly faults: ReadonlySet<FaultClass>;
  /** Some instances keep their store in a file. */
  readonly sqlite: boolean;
  readonly zstd: boolean;
  /** Revisions in one batch at most. */
  readonly pageRevisionsMax: number;
  /** Slow stores leave room between a commit and its answer. */
  readonly storeMsMax: number;
  /** Instances that receive edit what they received; then objects diverge. */
  readonly targetsEdit: boolean;
  readonly chaosMs: number;
  /** Changes that people make during the chaos. */
  readonly edits: number;
  /** Runs of each link during the chaos. */
  readonly runsPerLink: number;
  /** Objects are purged and shunned. */
  readonly removes: boolean;
  /** Who changes the policy: apart from each other, two-way links refuse until somebody adopts. */
  readonly policies: "nobody" | "one" | "several";
  /** Some instances are of a newer version of the program, and others are updated on the way. */
  readonly mixed: boolean;
  /** Links carry a part of what is there. */
  readonly parts: boolean;
  /** Where they do, instances are of one version, and nothing happens to whole ones. */
  readonly partsAlone: boolean;
  /** Where they do, instances are set back and copied all the same. */
  readonly partsSetBack: boolean;
  /** Links give what comes over them other organizations. */
  readonly maps: boolean;
  /** More instances than usual, linked in any way, and less to do for each. */
  readonly wide: boolean;
  /** What happens to instances as a whole. */
  readonly disasters: ReadonlySet<DisasterClass>;
}

/** What is drawn apart, so that what was drawn before there was more stays as it is. */
export interface SwarmRandom {
  readonly swarm: Prng;
  readonly disasters: Prng;
  readonly wide: Prng;
  readonly clones: Prng;
  readonly apart: Prng;
  readonly maps: Prng;
  readonly poison: Prng;
}

export function drawSwarm({ swarm: random, disasters, ...more }: SwarmRandom): Swarm {
  const faults = new Set<FaultClass>(FAULT_CLASSES.filter(() => random.chance(0.5)));
  if (disasters.chance(0.3)) faults.add("ioError");
  const clone = more.clones.chance(CLONE_SHARE) ? (["clone"] as const) : [];
  const isPoisoned = more.poison.chance(POISON_SHARE);
  const swarm: Swarm = {
    faults,
    disasters: new Set([...drawDisasters(disasters), ...clone]),
    sqlite: random.chance(0.25),
    zstd: random.chance(0.1),
    pageRevisionsMax: random.magnitude(1, 200),
    storeMsMax: random.magnitude(1, 200) / 2,
    targetsEdit: random.chance(0.5),
    chaosMs: random.magnitude(1_000, 300_000),
    edits: random.magnitude(3, 60),
    runsPerLink: random.between(1, 6),
    removes: random.chance(0.4),
    policies: random.pick(["nobody", "nobody", "one", "several"]),
    mixed: random.chance(0.25),
    parts: random.chance(0.3),
    partsAlone: !more.apart.chance(TOGETHER_SHARE),
    partsSetBack: more.apart.chance(SET_BACK_SHARE),
    // A copy brings ways back to links that map, which then refuse.
    maps: more.maps.chance(MAPS_SHARE) && clone.length === 0,
    wide: more.wide.chance(WIDE_SHARE),
  };
  // What enters a part comes otherwise than by its place in a log, and copies have logs of their own.
  // An older version cannot tell whether what a newer one wrote is spoiled. A restored instance asks once
  // for its own: what it refuses of that, and somebody drops for good, is not asked for again.
  const isOwnLost = swarm.disasters.has("restore") || clone.length > 0;
  if (isPoisoned && !swarm.parts && !swarm.mixed && !isOwnLost) faults.add("poison");
  return swarm;
}
