import { type Checker, instanceIn } from "./world-state.ts";

/** Once all is quiet, each cursor stands at the end of the source's log, and on its chain. */
export const cursorsAtEnd: Checker = (world) =>
  world.flows.flatMap(({ source, target }) => {
    const { log, chain } = instanceIn(world, source);
    const rung = instanceIn(world, target).cursors.get(source);
    if (rung === undefined && log.length === 0) return [];
    if (rung?.lsn === log.length && rung.chain === chain) return [];
    const at = rung === undefined ? "nowhere" : `at ${rung.lsn} on ${rung.chain}`;
    const end = `${log.length} on ${chain}`;
    return [`${target}'s cursor of ${source} stands ${at}, the log ends at ${end}`];
  });
