import { type InstanceId, instanceOf } from "../../base/ids.ts";
import { broughtBack } from "./bases.ts";
import type { Checker, WorldState } from "./world-state.ts";

/**
 * What an instance received came from somebody who has a link to it, and was made by somebody from
 * whom there is a way: nothing flows against a one-way link, and what no way leads to stays as it is.
 * (What an instance made itself may come back from anybody, after it was set back, with what it built
 * on; also what it made before it got another id. A copy has what the original got.)
 */
export const onlyOverFlows: Checker = (world) =>
  [...world.instances.values()].flatMap((instance) => {
    const { name, copiedFrom, ids, log } = instance;
    const bases = broughtBack(instance);
    const above = sourcesOf(world, [name, copiedFrom]);
    const neighbors = world.flows.filter(({ target }) => target === name || target === copiedFrom);
    return log.flatMap((entry) => {
      const maker = instanceOf(entry.actor);
      if (entry.source === null || ids.has(maker) || bases.has(entry.id)) return [];
      const from = namesOf(world, entry.source);
      const made = namesOf(world, maker);
      if (from.length > 0 && !neighbors.some(({ source }) => from.includes(source))) {
        return [`${name} got ${entry.id} from ${from.join()}, which has no link to it`];
      }
      if (made.length === 0 || made.some((one) => above.has(one))) return [];
      return [`${name} holds ${entry.id} of ${made.join()}, from which no way leads to it`];
    });
  });

/** Those from whom something may come, also over others. */
function sourcesOf({ flows }: WorldState, names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { source, target } of flows) if (found.has(target)) found.add(source);
  }
  return found;
}

/** Those that go by an id, or went by it once: also copies, as long as nobody told them apart. */
function namesOf({ instances }: WorldState, id: InstanceId): string[] {
  return [...instances.values()].filter(({ ids }) => ids.has(id)).map(({ name }) => name);
}
