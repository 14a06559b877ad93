import type { Checker } from "./world-state.ts";

/**
 * What an author was told is stored is there, whatever crashed since, unless it was purged. Who was
 * set back may lack what `restored` does not ask for.
 */
export const acknowledgedKept: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, log, gone, acknowledged, wasSetBack }) => {
    if (wasSetBack) return [];
    const held = new Set(log.map(({ id }) => id));
    return acknowledged
      .filter(({ id, object }) => !held.has(id) && !gone.has(object))
      .map(({ id }) => `${name} lost revision ${id}, which it had acknowledged`);
  });
