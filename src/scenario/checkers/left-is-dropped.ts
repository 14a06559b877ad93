import { CLOSURE_TYPES } from "../../scope/selection.ts";
import { type Checker, type Flow, instanceIn, type WorldState } from "./world-state.ts";

/**
 * What left the scope of a link that drops it is not there any more, where nothing can speak for it:
 * all of it came over that link, nothing else comes to that target, and nothing refers to it.
 */
export const leftIsDropped: Checker = (world) =>
  world.flows
    .filter(({ target, drops }) => {
      return drops && world.flows.filter((flow) => flow.target === target).length === 1;
    })
    .flatMap((flow) => keptBy(world, flow));

function keptBy(world: WorldState, { source, target, scope }: Flow): string[] {
  const peer = instanceIn(world, source).id;
  const { departures, log, objects } = instanceIn(world, target);
  const foreign = new Set(log.filter((one) => one.source !== peer).map(({ object }) => object));
  const types = new Map(objects.map(({ id, type }) => [id, type]));
  return departures
    .filter((one) => one.peer === peer && !foreign.has(one.object))
    .map(({ object }) => ({ object, type: types.get(object) }))
    .filter(({ type }) => type !== undefined && !CLOSURE_TYPES.has(type))
    .map(({ object, type }) => {
      return `${target} still has ${type} ${object}, which left ${scope} at ${source}`;
    });
}
