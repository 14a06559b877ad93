/** Compares the engine with the oracle on one history, at every join that somebody authored. */
import type { RevisionId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { stateAt } from "../../src/merge/evaluate.ts";
import type { Graph, MergeInput } from "../../src/merge/graph.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/merge/policy.ts";
import type { History } from "../oracle/history.ts";
import { Oracle } from "../oracle/oracle.ts";
import { pathsAbove, treeOf } from "../oracle/paths.ts";
import { difference } from "../oracle/properties.ts";
import type { Leaves, OracleConflict, OraclePolicy, TextLibrary } from "../oracle/types.ts";
import type { RandomHistory } from "./histories.ts";

/** The history as the engine asks for it; contents are the oracle's, the same under any policy. */
export function graphOf(history: History, contents: ReadonlyMap<string, Leaves>): Graph {
  const generations = new Map<string, number>();
  const generation = (id: string): number => {
    const known = generations.get(id);
    if (known !== undefined) return known;
    const above = history.revision(id).parents.map(generation);
    generations.set(id, 1 + Math.max(0, ...above));
    return generation(id);
  };
  return {
    revision: (id) => history.revision(id) as unknown as MergeInput,
    generation,
    content: (id) => treeOf(contents.get(id) as Leaves) as JsonObject,
  };
}

/** Where the engine and the oracle part, in words; undefined when they agree everywhere. */
export function disagreement(
  { history, revisions, frontier, authored }: RandomHistory,
  policies: readonly OraclePolicy[],
  texts: TextLibrary,
): string | undefined {
  if (![...authored.values()].every(isTree)) return undefined;
  const graph = graphOf(history, authored);
  const joins = [...revisions.values()].map(({ parents }) => parents);
  for (const [at, policy] of policies.entries()) {
    const oracle = new Oracle(history, policy, texts);
    for (const heads of [...joins, frontier].filter(({ length }) => length > 0)) {
      const known = oracle.state(heads);
      const found = stateAt(graph, heads as RevisionId[], enginePolicy(policy));
      const apart =
        difference(found.leaves as Leaves, known.leaves) ??
        otherConflict(found.conflicts as readonly OracleConflict[], known.conflicts);
      if (apart !== undefined) return `policy ${at} over ${heads}: engine ${apart}`;
    }
  }
  return undefined;
}

/** A scalar at the path of a deleted unit has no form as a document; no schema allows it. */
function isTree(leaves: Leaves): boolean {
  return ![...leaves.keys()].some((path) => pathsAbove(path).some((above) => leaves.has(above)));
}

function enginePolicy({ default: strategy, deletes, types }: OraclePolicy): Policy {
  return { ...DEFAULT_POLICY, default: strategy, deletes, types } as Policy;
}

function otherConflict(
  found: readonly OracleConflict[],
  known: readonly OracleConflict[],
): string | undefined {
  const [here, there] = [found.map(inShort), known.map(inShort)];
  const index = there.findIndex((one, at) => one !== here[at]);
  if (index < 0 && here.length === there.length) return undefined;
  return `${here.join(" ")} against ${there.join(" ")}`;
}

/** What has to agree, which is everything, in a form where an absent value shows. */
function inShort({
  id,
  object,
  path,
  kind,
  base,
  candidates,
  chosen,
  rule,
}: OracleConflict): string {
  return JSON.stringify([id, object, path, kind, base, candidates, chosen, rule], (_key, value) =>
    value === undefined ? ["nothing"] : value,
  );
}
