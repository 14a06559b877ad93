import type { Checker } from "./world-state.ts";

/** What was purged is nowhere that the purge reached; what was shunned is not where it was. */
export const goneForGood: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, log, gone, objects, conflicts }) => {
    const left = [
      ...log
        .filter(({ kind }) => kind === "revision")
        .map(({ id, object }) => ({ what: id, object })),
      ...objects.map(({ id }) => ({ what: "the object itself", object: id })),
      ...conflicts.map(({ id, object }) => ({ what: `conflict ${id}`, object })),
    ];
    return left
      .filter(({ object }) => gone.has(object))
      .map(({ what, object }) => `${name} got rid of ${object}, and has ${what}`);
  });
