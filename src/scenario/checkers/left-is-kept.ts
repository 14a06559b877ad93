import { membersOf } from "./scope-members.ts";
import { type Checker, type Flow, instanceIn, type WorldState } from "./world-state.ts";

/**
 * What left the scopes of all links from a source is marked at the target, and nothing of it came
 * later than that: it is kept as it was.
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
  const inside = new Set(flows.flatMap(({ scope }) => [...membersOf(there, scope).possible]));
  const known = new Set(there.objects.map(({ id }) => id));
  const marked = new Set(
    here.departures.filter(({ peer }) => peer === there.id).map(({ object }) => object),
  );
  const came = here.log.filter((entry) => entry.source === there.id && entry.kind === "revision");
  return [...new Set(came.map(({ object }) => object))]
    .filter((id) => known.has(id) && !inside.has(id) && !marked.has(id))
    .map((id) => `${target} holds ${id}, which left the scope at ${source}, and does not say so`);
}
