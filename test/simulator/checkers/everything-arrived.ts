import { type Checker, instanceIn } from "./world-state.ts";

/** A target holds every revision of its sources, byte for byte. */
export const everythingArrived: Checker = (world) =>
  world.flows.flatMap(({ source, target }) => {
    const held = new Map(instanceIn(world, target).log.map(({ id, hash }) => [id, hash]));
    return instanceIn(world, source).log.flatMap(({ lsn, id, hash }) => {
      const there = held.get(id);
      if (there === hash) return [];
      const what = there === undefined ? "does not hold" : "holds other bytes for";
      return [`${target} ${what} revision ${id}, entry ${lsn} of ${source}`];
    });
  });
