import { Prng } from "../../src/scenario/random/prng.ts";
import { keepRunning } from "../../src/scenario/world/live-links.ts";
import { settleAndCheck, settleLiveAndCheck } from "../../src/scenario/world/settle.ts";
import type { Planted } from "../../src/scenario/world/simulated-instance.ts";
import type { Violation } from "../../src/scenario/world/watch.ts";
import { World } from "../../src/scenario/world/world.ts";
import { NEWER_EDITION } from "./newer-edition.ts";
import { scheduleChaos } from "./plan/chaos.ts";
import type { DisasterClass } from "./plan/disasters.ts";
import { drawSettings } from "./plan/link-settings.ts";
import { drawMappings } from "./plan/mappings.ts";
import { drawParts } from "./plan/parts.ts";
import { drawPoison } from "./plan/poison.ts";
import { drawSwarm, type FaultClass, type Swarm } from "./plan/swarm.ts";
import { SwarmFaults } from "./plan/swarm-faults.ts";
import { drawTopology, type Topology } from "./plan/topology.ts";
import { drawWideTopology, smaller } from "./plan/wide-topology.ts";
import type { Recorder } from "./shrink/recorder.ts";
import { Workload } from "./workload/workload.ts";

export interface SimulateOptions {
  readonly seed: number;
  readonly keepTrace?: boolean;
  readonly planted?: Planted;
  /** Only these events of the chaos happen, and only these classes of faults. */
  readonly kept?: Kept;
  /** Is told of the world before anything happens. */
  readonly onWorld?: (world: World) => Recorder;
  /** All links are live, and nobody runs one by hand. */
  readonly live?: boolean;
}

/** What is left of a seed that was made smaller. */
export interface Kept {
  readonly events: ReadonlySet<number>;
  readonly faults: ReadonlySet<FaultClass | DisasterClass>;
}

/** What came out of a seed. */
export interface Report {
  /** How many events its chaos has, and the classes of its faults. */
  readonly events: number;
  readonly faults: ReadonlySet<FaultClass | DisasterClass>;
  readonly seed: number;
  /** What did not hold; empty when all is well. */
  readonly violations: readonly Violation[];
  /** Equal for two runs of one seed, or the simulator is not deterministic. */
  readonly traceHash: string;
  /** What the seed was about, and the timeline, if it was kept. */
  readonly summary: string;
  readonly timeline: string;
  /** What happened at least once. */
  readonly marks: ReadonlySet<string>;
  readonly counts: { readonly events: number; readonly frames: number; readonly revisions: number };
}

/**
 * One seed: chaos with the faults of its swarm, then the network heals and has to settle, then
 * everybody restarts and it has to settle once more; every invariant is checked on the way.
 */
export async function simulate(options: SimulateOptions): Promise<Report> {
  const { seed } = options;
  const stream = (purpose: string): Prng => new Prng(seed, purpose);
  const disasters = stream("disasters");
  const [wide, clones] = [stream("wide"), stream("clones")];
  const more = { disasters, wide, clones, apart: stream("apart"), maps: stream("maps") };
  const poison = stream("poison");
  const drawn = smaller(drawSwarm({ swarm: stream("swarm"), ...more, poison }));
  const possible =
    options.live === true ? livelySwarm(drawn) : drawn.parts ? inParts(drawn) : drawn;
  const swarm = reduced(possible, options.kept);
  const whole = swarm.wide
    ? drawWideTopology(wide)
    : drawTopology(stream("topology"), swarm.faults.has("doubledLink"));
  const parted = swarm.parts ? drawParts(whole, stream("parts")) : whole;
  const set = drawSettings(parted, stream("settings"));
  const topology = modeled(swarm.maps ? drawMappings(set, stream("mappings")) : set, options);
  const versions = stream("versions");
  const world = await makeWorld(options, swarm, topology, { versions, poison });
  const recorder = options.onWorld?.(world);
  world.witness = recorder;
  const faults = stream("faults");
  const random = { faults, network: stream("network") };
  const workload = new Workload(stream("workload"), swarm);
  world.faults = new SwarmFaults(world, swarm, random, recorder);
  const script = { schedule: stream("schedule"), faults: stream("script") };
  const chaos = { ...script, versions, disasters, clones, poison };
  keepRunning(world);
  const events = scheduleChaos(world, swarm, workload, chaos, {
    events: options.kept?.events,
    recorder,
  });
  await world.scheduler.run({ timeMs: swarm.chaosMs, done: () => world.isBroken });
  world.witness = undefined;
  const settle = options.live === true ? settleLiveAndCheck : settleAndCheck;
  if (!world.isBroken) await settle(world, { updateTo: NEWER_EDITION });
  const wrong = new Set([...swarm.faults, ...swarm.disasters]);
  const about = { events, faults: wrong, summary: describe(swarm, topology) };
  return await reportOf(world, seed, about);
}

function modeled(topology: Topology, { live }: SimulateOptions): Topology {
  if (live !== true) return topology;
  // Nobody is there to agree to what is held, or to change rules that cannot be followed.
  const links = topology.links.map(({ maxRemovals: _, organizations: __, ...link }) => ({
    ...link,
    mode: "live",
  }));
  return { ...topology, links };
}

/** A class of faults that is left out is drawn all the same: the rest of the seed stays as it is. */
function reduced(swarm: Swarm, kept: Kept | undefined): Swarm {
  if (kept === undefined) return swarm;
  const faults = [...swarm.faults].filter((fault) => kept.faults.has(fault));
  const disasters = [...swarm.disasters].filter((disaster) => kept.faults.has(disaster));
  return { ...swarm, faults: new Set(faults), disasters: new Set(disasters) };
}

/** Nobody runs links, and nobody is there to adopt one of two policies, or to tell copies apart. */
function livelySwarm(swarm: Swarm): Swarm {
  const policies = swarm.policies === "several" ? "one" : swarm.policies;
  const disasters = swarm.parts ? new Set<DisasterClass>() : without(swarm, "wipe", "clone");
  const faults = new Set([...swarm.faults].filter((fault) => fault !== "poison"));
  return { ...swarm, faults, runsPerLink: 0, policies, mixed: false, disasters };
}

/** Things have to come and go while links run. */
function inParts(swarm: Swarm): Swarm {
  const { edits, runsPerLink, partsAlone, partsSetBack } = swarm;
  const alone = { mixed: false, disasters: new Set<DisasterClass>() } as const;
  const disasters = partsSetBack ? swarm.disasters : without(swarm, "restore", "clone");
  const some = { mixed: swarm.mixed, disasters } as const;
  const among = partsAlone ? alone : some;
  return { ...swarm, ...among, edits: edits + 20, runsPerLink: runsPerLink + 3 };
}

function without({ disasters }: Swarm, ...some: readonly DisasterClass[]): Swarm["disasters"] {
  return new Set([...disasters].filter((one) => !some.includes(one)));
}

const NOBODY: ReadonlySet<string> = new Set();
/** Of the seeds in which somebody's store is a file: writing the search index beside it takes time. */
const INDEXED_SHARE = 0.4;

async function makeWorld(
  { seed, keepTrace = false, planted = {} }: SimulateOptions,
  { sqlite, zstd, pageRevisionsMax, mixed, faults }: Swarm,
  topology: Topology,
  { versions, poison }: { readonly versions: Prng; readonly poison: Prng },
): Promise<World> {
  const { instances, links } = topology;
  const files = sqlite ? drawFiles(instances, new Prng(seed, "files")) : NOBODY;
  const stores = { sqlite: files, pageRevisionsMax };
  const indexed = new Prng(seed, "index").chance(INDEXED_SHARE) ? files : NOBODY;
  const poisons = faults.has("poison") ? drawPoison(topology, poison) : new Map();
  const parts = { seed, instances, links, ...stores, indexed, zstd, keepTrace, planted, poisons };
  const world = new World(parts);
  for (const name of instances) {
    if (mixed && versions.chance(0.3)) world.update(name, NEWER_EDITION);
    world.start(name);
  }
  for (const link of links) await world.addLink(link);
  return world;
}

/** Who keeps its store in a file. The others compare with them: a store is nothing but a store. */
function drawFiles(instances: readonly string[], random: Prng): ReadonlySet<string> {
  return new Set([random.pick(instances), ...instances.filter(() => random.chance(0.3))]);
}

async function reportOf(
  world: World,
  seed: number,
  about: Pick<Report, "events" | "faults" | "summary">,
): Promise<Report> {
  let revisions = 0;
  for (const instance of world.instances.values()) {
    revisions += world.watch.lifeOf(instance.name).mirror.length;
    instance.dispose();
  }
  return {
    seed,
    violations: world.violations,
    traceHash: world.trace.digest(),
    ...about,
    timeline: world.trace.print(),
    marks: world.marks,
    counts: { events: world.scheduler.events, frames: world.network.frames, revisions },
  };
}

function describe({ faults, disasters, ...swarm }: Swarm, { shape, links }: Topology): string {
  const named = links.map(({ name }) => name).join(" ");
  return `${shape} (${named}); faults: ${[...faults, ...disasters].join(" ")}; ${JSON.stringify(swarm)}`;
}
