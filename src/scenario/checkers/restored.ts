import { instanceOf } from "../../base/ids.ts";
import { isWhole } from "../world/links.ts";
import { type Checker, type InstanceState, instanceIn, type WorldState } from "./world-state.ts";

/**
 * What becomes of instances that were set back to a backup: they lose nothing that anybody else had
 * seen. What is not there any more was nowhere else when an instance was set back, and whoever has
 * a link with an instance that was set back holds nothing of it that it lacks itself. (That the network
 * converges, other invariants ask; that no number is given out twice, `numbers-once`.)
 */
export const restored: Checker = (world) => [...vanishedSince(world), ...notBroughtBack(world)];

/** What somebody was told is stored, and nobody holds, though it need not have been lost. */
function vanishedSince({ instances, vanished, authored }: WorldState): string[] {
  const all = [...instances.values()];
  const somewhere = new Set(all.flatMap(({ log }) => log.map(({ id }) => id)));
  return all.flatMap(({ name, acknowledged }) =>
    acknowledged
      .filter(({ id }) => !somewhere.has(id) && !vanished.has(id))
      .filter(({ object }) => !authored.isGone(object))
      .map(({ id }) => `nobody has revision ${id}, which ${name} had acknowledged`),
  );
}

/** What neighbors hold of an instance's own that it lacks. */
function notBroughtBack(world: WorldState): string[] {
  return [...world.instances.values()].flatMap((instance) => {
    if (!instance.wasSetBack || instance.isUnaware) return [];
    const held = new Set(instance.log.map(({ id }) => id));
    return neighborsOf(world, instance).flatMap((neighbor) =>
      neighbor.log
        .filter(({ actor, id }) => instanceOf(actor) === instance.id && !held.has(id))
        // What a copy made is not its own, though it bears its id.
        .filter(({ id }) => world.authored.placeOf(id) === instance.name)
        // Who gave out a number again cannot know that it lost the first one.
        .filter(({ actor, seq }) => !world.authored.isForked(actor, seq))
        .filter(({ object }) => !instance.gone.has(object))
        .map(
          ({ id }) => `${instance.name} lacks its own revision ${id}, which ${neighbor.name} has`,
        ),
    );
  });
}

function neighborsOf(world: WorldState, { name }: InstanceState): InstanceState[] {
  const names = world.flows.filter(isWhole).flatMap(({ source, target }) => {
    if (source === name) return [target];
    return target === name ? [source] : [];
  });
  return [...new Set(names)].map((one) => instanceIn(world, one));
}
