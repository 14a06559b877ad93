import { type Checker, instanceIn } from "./world-state.ts";

/** A target holds every entry of its sources, byte for byte, but for objects that are gone there. */
export const everythingArrived: Checker = (world) =>
  world.flows.flatMap(({ source, target }) => {
    const { log, gone } = instanceIn(world, target);
    const held = new Map(log.map(({ id, hash }) => [id, hash]));
    return instanceIn(world, source).log.flatMap(({ lsn, id, hash, kind, object }) => {
      const there = held.get(id);
      if (there === hash || (kind === "revision" && gone.has(object))) return [];
      const what = there === undefined ? "does not hold" : "holds other bytes for";
      return [`${target} ${what} ${kind} ${id}, entry ${lsn} of ${source}`];
    });
  });
