import type { Checker } from "./world-state.ts";

/**
 * What an author was told is stored is there, whatever crashed since, unless it was purged. Who was
 * set back may lack what `restored` does not ask for. What left the scope of a link that drops that
 * may be dropped, its own too, if somebody else has it.
 */
export const acknowledgedKept: Checker = ({ instances }) => {
  const somewhere = new Set([...instances.values()].flatMap(({ log }) => log.map(({ id }) => id)));
  return [...instances.values()].flatMap((instance) => {
    const { name, log, gone, acknowledged, dropped, wasSetBack } = instance;
    if (wasSetBack) return [];
    const held = new Set(log.map(({ id }) => id));
    return acknowledged
      .filter(({ id, object }) => !held.has(id) && !gone.has(object))
      .filter(({ id }) => !(dropped.has(id) && somewhere.has(id)))
      .map(({ id }) => `${name} lost revision ${id}, which it had acknowledged`);
  });
};
