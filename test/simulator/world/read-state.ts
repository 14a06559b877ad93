import type { Rung } from "../../../src/store/rows.ts";
import { EVERYTHING_HASH } from "../../../src/sync/scope.ts";
import type { InstanceState, WorldState } from "../checkers/world-state.ts";
import { readLog } from "./log-mirror.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";
import type { World } from "./world.ts";

const RUNS_MAX = 10_000;

/** Reads what the checkers look at from the stores, all of it anew. */
export async function readState(world: World, batchesSinceQuiet: number): Promise<WorldState> {
  const instances = new Map<string, InstanceState>();
  for (const instance of world.instances.values()) {
    instances.set(instance.name, await readInstance(world, instance));
  }
  if ([...instances.values()].some(({ diverged }) => diverged > 0)) world.marks.add("diverged");
  return { instances, flows: world.links, batchesSinceQuiet };
}

async function readInstance(world: World, instance: SimulatedInstance): Promise<InstanceState> {
  const { name, identity, durable, acknowledged } = instance;
  const { chain } = await durable.head();
  const { diverged } = await durable.counts();
  const refused = await durable.quarantine();
  const runs = await durable.runs({ limit: RUNS_MAX });
  return {
    name,
    id: identity.instance,
    log: await readLog(durable),
    chain: Buffer.from(chain).toString("hex"),
    cursors: await readCursors(world, instance),
    digest: await durable.digest(),
    authoredDigest: world.watch.authoredDigest(name),
    diverged,
    findings: (await durable.verify()).findings,
    quarantined: refused.map(({ id, code, message }) => `${id}: ${code}: ${message}`),
    acknowledged,
    appliedCount: world.watch.appliedCount(name),
    recordedCount: runs.reduce((sum, { received }) => sum + received.revisions, 0),
  };
}

async function readCursors(world: World, target: SimulatedInstance): Promise<Map<string, Rung>> {
  const cursors = new Map<string, Rung>();
  for (const { name, identity } of world.instances.values()) {
    const cursor = await target.durable.cursor(identity.instance, EVERYTHING_HASH);
    const newest = cursor?.ladder[0];
    if (newest !== undefined) cursors.set(name, newest);
  }
  return cursors;
}
