import { TAKES_ALL } from "../world/scopes.ts";
import { membersOf } from "./scope-members.ts";
import { type Checker, instanceIn } from "./world-state.ts";

/**
 * A target holds every entry of its sources, byte for byte, but for objects that are gone there, and
 * for what the link leaves out: by its scope, and what it refuses.
 */
export const everythingArrived: Checker = (world) =>
  world.flows.flatMap(({ source, target, scope, refusesPurges, refusesUnmapped }) => {
    const { log, gone, quarantined } = instanceIn(world, target);
    const refused = new Set(refusesUnmapped ? quarantined.map(({ id }) => id) : []);
    const held = new Map(log.map(({ id, hash }) => [id, hash]));
    const sure = scope === TAKES_ALL.text ? null : membersOf(instanceIn(world, source), scope).sure;
    return instanceIn(world, source).log.flatMap(({ lsn, id, hash, kind, object }) => {
      const there = held.get(id);
      if (there === hash || (kind === "revision" && gone.has(object))) return [];
      if (refused.has(id)) return [];
      if (kind === "purge" ? refusesPurges : sure?.has(object) === false) return [];
      const what = there === undefined ? "does not hold" : "holds other bytes for";
      return [`${target} ${what} ${kind} ${id}, entry ${lsn} of ${source}`];
    });
  });
