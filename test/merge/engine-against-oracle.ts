/** The whole comparison of the engine with the oracle on one random history. */
import type { Oracle } from "../../src/oracle/oracle.ts";
import {
  type Comparison,
  enginePolicy,
  graphOf,
  isTree,
  logsDiffer,
  revisionsDiffer,
  statesDiffer,
  writersDiffer,
} from "./against-oracle.ts";
import type { RandomHistory } from "./histories.ts";

type Asked = Pick<RandomHistory, "history" | "frontier" | "askedBy" | "oracles">;

/**
 * Where the two part, in words. Each author's own join is asked about under his policy; the whole
 * history under the policies that are given by number.
 */
export function disagreement(
  { history, frontier, askedBy, oracles }: Asked,
  policies: readonly number[],
): string | undefined {
  const [any] = oracles;
  if (!history.ids().every((id) => isTree((any as Oracle).content(id)))) return undefined;
  const graph = graphOf(history);
  const ask = (oracle: Oracle, ...questions: readonly Comparison[]) => {
    const policy = enginePolicy(oracle.rules.policy);
    for (const question of questions) {
      const found = question(oracle, graph, policy);
      if (found !== undefined) return `policy ${oracles.indexOf(oracle)}: ${found}`;
    }
    return undefined;
  };
  for (const [id, oracle] of askedBy) {
    const { parents } = history.revision(id);
    const found = ask(oracle, statesDiffer(parents), revisionsDiffer(id));
    if (found !== undefined) return `${id}: ${found}`;
  }
  for (const at of policies) {
    const all = [statesDiffer(frontier), writersDiffer(frontier), logsDiffer(frontier)];
    const found = ask(oracles[at] as Oracle, ...all);
    if (found !== undefined) return found;
  }
  return undefined;
}
