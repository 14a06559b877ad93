import { type Checker, instanceIn } from "./world-state.ts";

/**
 * Two-way links bring about one policy. Over others the target has what its source has, but for
 * where both were changed apart.
 */
export const onePolicy: Checker = (world) =>
  world.flows.flatMap(({ source, target }) => {
    const [from, to] = [instanceIn(world, source), instanceIn(world, target)];
    const isBack = world.flows.some((flow) => flow.source === target && flow.target === source);
    const isApart = to.policies.some((record) => !from.policies.includes(record));
    if (from.policy === to.policy || (isApart && !isBack)) return [];
    return [`${target} has the policy ${to.policy}, its source ${source} ${from.policy}`];
  });
