import type { Rung } from "../../store/rows.ts";
import {
  type Authored,
  cursorKey,
  type InstanceState,
  type WorldState,
} from "../checkers/world-state.ts";
import { receiversOfParts } from "../world/links.ts";
import { readLog } from "../world/log-mirror.ts";
import { readDerived } from "../world/read-derived.ts";
import { hashOf } from "../world/scopes.ts";
import type { RealInstance } from "./real-instance.ts";
import type { RealWorld } from "./real-world.ts";

/** Reads what the checkers look at from the folders, beside the processes that serve them. */
export async function readReal(world: RealWorld, batchesSinceQuiet: number): Promise<WorldState> {
  const instances = new Map<string, InstanceState>();
  for (const instance of world.instances.values()) {
    instances.set(instance.name, await readInstance(world, instance));
  }
  const gone = new Set([...instances.values()].flatMap((one) => [...one.gone]));
  // What only who watches every commit can say is not asked for.
  const authored: Authored = {
    objectOf: () => undefined,
    isGone: (object) => gone.has(object),
    isForked: () => false,
    placeOf: () => undefined,
  };
  return { instances, flows: world.flows, authored, vanished: new Set(), batchesSinceQuiet };
}

async function readInstance(world: RealWorld, instance: RealInstance): Promise<InstanceState> {
  const { name, acknowledged, shunned, authoredDigest, reader } = instance;
  const { store, identity, edition } = reader;
  const { lsn: head, chain } = await store.head();
  const { inForce, records } = await store.policies();
  const log = await readLog(store);
  const purged = log.filter(({ kind }) => kind === "purge").map(({ object }) => object);
  return {
    ...{ name, edition, log, head, acknowledged, authoredDigest },
    id: identity.instance,
    ids: new Set([identity.instance]),
    version: "old",
    gone: new Set([...purged, ...shunned]),
    chain: Buffer.from(chain).toString("hex"),
    policy: inForce.hash,
    policies: records,
    law: inForce.policy,
    cursors: await readCursors(world, instance),
    ...(await readDerived(store)),
    findings: (await store.verify()).findings,
    quarantined: await store.quarantine(),
    departures: await store.departures(),
    receivesAll: !receiversOfParts(world.links).has(name),
    receivedCount: 0,
    appliedCount: 0,
    recordedCount: 0,
    onlySends: !world.flows.some(({ target }) => target === name),
    copiedFrom: name,
    wasSetBack: false,
    isUnaware: false,
  };
}

async function readCursors(
  world: RealWorld,
  { name, reader }: RealInstance,
): Promise<Map<string, Rung>> {
  const cursors = new Map<string, Rung>();
  for (const flow of world.flows) {
    if (flow.target !== name) continue;
    const { instance } = world.look(flow.source).identity;
    const newest = (await reader.store.cursor(instance, hashOf(flow.scope)))?.ladder[0];
    if (newest !== undefined) cursors.set(cursorKey(flow), newest);
  }
  return cursors;
}
