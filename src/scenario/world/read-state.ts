import type { Counts, Rung } from "../../store/rows.ts";
import {
  cursorKey,
  type InstanceState,
  type Mapping,
  type WorldState,
} from "../checkers/world-state.ts";
import { flowsOf, receiversOfParts } from "./links.ts";
import { readLog } from "./log-mirror.ts";
import { readDerived } from "./read-derived.ts";
import { hashOf } from "./scopes.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";
import type { World } from "./world.ts";

const RUNS_MAX = 10_000;

/** Reads what the checkers look at from the stores, all of it anew. */
export async function readState(world: World, batchesSinceQuiet: number): Promise<WorldState> {
  const instances = new Map<string, InstanceState>();
  for (const instance of world.instances.values()) {
    const state = await readInstance(world, instance);
    instances.set(instance.name, state);
    if (state.objects.some(({ heads }) => heads.length > 1)) world.marks.add("diverged");
    if (state.objects.some(({ parked }) => parked)) world.marks.add("parked");
  }
  const { authored, vanished } = world.watch;
  const flows = world.links.flatMap(flowsOf);
  return { instances, flows, authored, vanished, batchesSinceQuiet };
}

/** The same, with what the stores find wrong in themselves. */
export async function verified(world: World, state: WorldState): Promise<WorldState> {
  const instances = new Map<string, InstanceState>();
  for (const [name, instance] of state.instances) {
    const { findings } = await world.get(name).durable.verify();
    instances.set(name, { ...instance, findings });
  }
  return { ...state, instances };
}

async function readInstance(world: World, instance: SimulatedInstance): Promise<InstanceState> {
  const { name, identity, version, edition, durable, acknowledged } = instance;
  const { lsn: head, chain } = await durable.head();
  const { inForce, records } = await durable.policies();
  const runs = await durable.runs({ limit: RUNS_MAX });
  const derived = await readDerived(durable);
  const { showsMore, ...seen } = world.watch.seenOf(name);
  return {
    name,
    id: identity.instance,
    version,
    edition,
    log: await readLog(durable),
    head,
    chain: Buffer.from(chain).toString("hex"),
    policy: inForce.hash,
    policies: records,
    law: inForce.policy,
    cursors: await readCursors(world, instance),
    ...derived,
    findings: [],
    quarantined: await durable.quarantine(),
    departures: await durable.departures(),
    mappings: await readMappings(world, instance),
    acknowledged,
    ...seen,
    receivesAll: seen.receivesAll && !receiversOfParts(world.links).has(name),
    authoredDigest: showsMore ? derived.digest : seen.authoredDigest,
    recordedCount: runs.reduce((sum, { received }) => sum + entriesIn(received), 0),
  };
}

async function readMappings(
  world: World,
  { durable }: SimulatedInstance,
): Promise<readonly Mapping[]> {
  const links = await durable.links();
  return links.flatMap(({ name: link, peer, organizations: rules }) => {
    if (rules === undefined) return [];
    return [{ link, peer, rules, since: world.network.mappedSince({ name: link }) }];
  });
}

function entriesIn({ revisions, purges }: Counts): number {
  return revisions + purges;
}

async function readCursors(world: World, target: SimulatedInstance): Promise<Map<string, Rung>> {
  const cursors = new Map<string, Rung>();
  for (const flow of world.links.flatMap(flowsOf)) {
    if (flow.target !== target.name) continue;
    const { instance } = world.get(flow.source).identity;
    const cursor = await target.durable.cursor(instance, hashOf(flow.scope));
    const newest = cursor?.ladder[0];
    if (newest !== undefined) cursors.set(cursorKey(flow), newest);
  }
  return cursors;
}
