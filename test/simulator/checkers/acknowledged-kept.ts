import type { Checker } from "./world-state.ts";

/** What an author was told is stored is there, whatever crashed since. */
export const acknowledgedKept: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, log, acknowledged }) => {
    const held = new Set(log.map(({ id }) => id));
    return acknowledged
      .filter((id) => !held.has(id))
      .map((id) => `${name} lost revision ${id}, which it had acknowledged`);
  });
