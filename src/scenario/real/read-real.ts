import { type ActorId, instanceOf, type RevisionId } from "../../base/ids.ts";
import { printVersions, versionsOf } from "../../log/edition.ts";
import type { Rung } from "../../store/rows.ts";
import { broughtBack } from "../checkers/bases.ts";
import {
  type Authored,
  cursorKey,
  type InstanceState,
  type WorldState,
} from "../checkers/world-state.ts";
import { flowsOf, isWhole, receiversOfParts } from "../world/links.ts";
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
  const authored = authoredBy(world, [...instances.values()]);
  const { flows, vanished } = world;
  return { instances, flows, authored, vanished, batchesSinceQuiet };
}

/** What only who watches every commit can say is not asked for. */
function authoredBy(world: RealWorld, all: readonly InstanceState[]): Authored {
  const gone = new Set([...world.gone, ...all.flatMap((one) => [...one.gone])]);
  const places = new Map(
    all.flatMap(({ name, acknowledged }) => acknowledged.map(({ id }) => [id, name] as const)),
  );
  const isPart = (name: string): boolean => {
    return world.links.flatMap(flowsOf).some((flow) => flow.source === name && !isWhole(flow));
  };
  const lacking = all.filter(({ name, copiedFrom, wasSetBack }) => {
    const isTwice = copiedFrom !== name;
    return (wasSetBack || isTwice) && [name, copiedFrom].some(isPart);
  });
  const early = new Set(all.flatMap((one) => [...broughtBack(one)]));
  const inParts = new Set(lacking.flatMap(({ ids }) => [...ids]));
  const numbers = new Map<string, RevisionId>();
  const forks = new Map<ActorId, number>();
  for (const { id, actor, seq } of all.flatMap(({ log }) => log)) {
    const before = numbers.get(`${actor}#${seq}`) ?? id;
    numbers.set(`${actor}#${seq}`, before);
    if (before !== id) forks.set(actor, Math.min(seq, forks.get(actor) ?? seq));
  }
  return {
    objectOf: () => undefined,
    isGone: (object) => gone.has(object),
    isForked: (actor, seq) => seq >= (forks.get(actor) ?? Number.POSITIVE_INFINITY),
    comesInPart: (actor) => inParts.has(instanceOf(actor)),
    comesEarly: (id) => early.has(id),
    placeOf: (id) => places.get(id),
    idOf: () => undefined,
  };
}

async function readInstance(world: RealWorld, instance: RealInstance): Promise<InstanceState> {
  const { name, copiedFrom, ids, acknowledged, shunned, wasSetBack, reader } = instance;
  const { store, identity, edition } = reader;
  const { lsn: head, chain } = await store.head();
  const { inForce, records } = await store.policies();
  const log = await readLog(store);
  const derived = await readDerived(store);
  const purged = log.filter(({ kind }) => kind === "purge").map(({ object }) => object);
  return {
    ...{ name, copiedFrom, ids, edition, log, head, acknowledged, wasSetBack },
    id: identity.instance,
    version: printVersions(versionsOf(edition)) ?? "first",
    gone: new Set([...purged, ...shunned]),
    chain: Buffer.from(chain).toString("hex"),
    policy: inForce.hash,
    policies: records,
    law: inForce.policy,
    cursors: await readCursors(world, instance),
    ...derived,
    // What an instance got back of its own came without anybody's doing.
    authoredDigest: wasSetBack ? derived.digest : instance.authoredDigest,
    findings: (await store.verify()).findings,
    quarantined: await store.quarantine(),
    refused: new Set(),
    dropped: new Set(),
    departures: await store.departures(),
    mappings: (await store.links()).flatMap(({ name: link, peer, organizations: rules }) => {
      // Since when nobody saw.
      return rules === undefined ? [] : [{ link, peer, rules, since: Number.POSITIVE_INFINITY }];
    }),
    receivesAll: ![name, copiedFrom].some((one) => receiversOfParts(world.links).has(one)),
    receivedCount: 0,
    appliedCount: 0,
    recordedCount: 0,
    onlySends: !world.flows.some(({ target }) => target === name || target === copiedFrom),
    isUnaware: await instance.isUnaware(),
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
