import { instanceOf } from "../../base/ids.ts";
import { broughtBack } from "./bases.ts";
import { membersOf } from "./scope-members.ts";
import {
  type Checker,
  type Flow,
  type InstanceState,
  instanceIn,
  type LoggedEntry,
  type WorldState,
} from "./world-state.ts";

/**
 * What left the scopes of all links from a source is marked at the target, and nothing of it came
 * later than that: it is kept as it was. What an instance got back of its own, and what
 * that builds on, came outside of scopes.
 */
export const leftIsKept: Checker = (world) =>
  [...Map.groupBy(world.flows, ({ source, target }) => `${source} ${target}`).values()].flatMap(
    (flows) => leftOver(world, flows),
  );

/** What a target holds of a source that is inside none of the flows between them, and not marked. */
function leftOver(world: WorldState, flows: readonly Flow[]): string[] {
  const [{ source, target } = { source: "", target: "" }] = flows;
  const there = instanceIn(world, source);
  const here = instanceIn(world, target);
  // A copy that went by the same id for a while sent it, too.
  const alike = world.flows.filter((flow) => {
    return flow.target === target && instanceIn(world, flow.source).ids.has(there.id);
  });
  const inside = new Set(alike.flatMap(({ scope }) => [...membersOf(there, scope).possible]));
  const known = new Set(there.objects.map(({ id }) => id));
  const marked = new Set(
    here.departures.filter(({ peer }) => peer === there.id).map(({ object }) => object),
  );
  const isBegun = begunWith(world, here, flows);
  const bases = broughtBack(here);
  const came = here.log.filter((entry) => {
    const { kind, actor } = entry;
    const isOwn = instanceOf(actor) === here.id || bases.has(entry.id);
    return entry.source === there.id && kind === "revision" && !isOwn && !isBegun(entry);
  });
  return [...new Set(came.map(({ object }) => object))]
    .filter((id) => known.has(id) && !inside.has(id) && !marked.has(id))
    .map((id) => `${target} holds ${id}, which left the scope at ${source}, and does not say so`);
}

/**
 * What a copy began with, where the original has more links from the source than the copy: over which
 * of them it came nobody knows, and over those that the copy lacks nobody tells it what left.
 */
function begunWith(
  { instances, flows: all }: WorldState,
  { name, copiedFrom }: InstanceState,
  flows: readonly Flow[],
): (entry: LoggedEntry) => boolean {
  const original = instances.get(copiedFrom);
  if (original === undefined || copiedFrom === name) return () => false;
  const scopes = new Set(flows.map(({ scope }) => scope));
  const sources = new Set(flows.map(({ source }) => source));
  const isLacking = all.some(({ source, target, scope }) => {
    return target === copiedFrom && sources.has(source) && !scopes.has(scope);
  });
  if (!isLacking) return () => false;
  const theirs = new Map(original.log.map(({ lsn, id }) => [lsn, id]));
  return ({ lsn, id }) => original.wasSetBack || theirs.get(lsn) === id;
}
