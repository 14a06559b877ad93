import { type Checker, cursorKey, instanceIn } from "./world-state.ts";

/** Once all is quiet, each cursor stands at the end of the source's log, and on its chain. */
export const cursorsAtEnd: Checker = (world) =>
  world.flows.flatMap((flow) => {
    const { source, target } = flow;
    const { head, chain } = instanceIn(world, source);
    const rung = instanceIn(world, target).cursors.get(cursorKey(flow));
    if (rung === undefined && head === 0) return [];
    if (rung?.lsn === head && rung.chain === chain) return [];
    const at = rung === undefined ? "nowhere" : `at ${rung.lsn} on ${rung.chain}`;
    const end = `${head} on ${chain}`;
    return [`${target}'s cursor of ${source} stands ${at}, the log ends at ${end}`];
  });
