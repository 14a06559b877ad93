/** Compares the engine with the oracle on one history: all that the two can be asked. */
import type { RevisionId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { conflictLog, type LoggedRevision } from "../../src/merge/conflict-log.ts";
import { contentAfter } from "../../src/merge/content-after.ts";
import { stateAt } from "../../src/merge/evaluate.ts";
import type { Graph } from "../../src/merge/graph.ts";
import { pinsOver } from "../../src/merge/pins.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/merge/policy.ts";
import { writersOf } from "../../src/merge/writers.ts";
import { leavesOf } from "../../src/model/content.ts";
import type { History } from "../../src/oracle/history.ts";
import { oracleLog } from "../../src/oracle/log.ts";
import type { Oracle } from "../../src/oracle/oracle.ts";
import { pathsAbove } from "../../src/oracle/paths.ts";
import { sameValue } from "../../src/oracle/strategy.ts";
import type { Leaves, OraclePolicy } from "../../src/oracle/types.ts";
import { CONFLICT, difference, RECORD, unlike } from "../../src/oracle/unlike.ts";
import { pinsFor } from "../oracle/author.ts";

/** The history as a store would have it for the engine: contents by the engine itself. */
export function graphOf(history: History): Graph {
  const contents = new Map<string, JsonObject>();
  const graph: Graph = {
    revision: (id) => history.revision(id) as unknown as LoggedRevision,
    generation: (id) => history.generation(id),
    content: (id) => {
      const content = contents.get(id) ?? contentAfter(graph, graph.revision(id));
      contents.set(id, content);
      return content;
    },
  };
  return graph;
}

/** A scalar at the path of a deleted unit has no form as a document; no schema allows it. */
export function isTree(leaves: Leaves): boolean {
  return ![...leaves.keys()].some((path) => pathsAbove(path).some((above) => leaves.has(above)));
}

export function enginePolicy({ default: strategy, deletes, types }: OraclePolicy): Policy {
  return { ...DEFAULT_POLICY, default: strategy, deletes, types } as Policy;
}

/** A question to both: where their answers part, in words. */
export type Comparison = (oracle: Oracle, graph: Graph, policy: Policy) => string | undefined;

/** The state over some heads. */
export function statesDiffer(heads: readonly string[]): Comparison {
  return (oracle, graph, policy) => {
    const found = stateAt(graph, heads as RevisionId[], policy);
    const known = oracle.state(heads);
    return (
      difference(found.leaves, known.leaves) ?? unlike(found.conflicts, known.conflicts, CONFLICT)
    );
  };
}

/** What a revision says, and what it had to pin under this policy. */
export function revisionsDiffer(id: string): Comparison {
  return (oracle, graph, policy) => {
    const { history } = oracle;
    const revision = graph.revision(id as RevisionId);
    const parents = history.revision(id).parents;
    return (
      difference(leavesOf(graph.content(revision.id)), oracle.content(id)) ??
      unlike(
        pinsOver(graph, revision.parents, policy, revision.patch),
        pinsFor(oracle, parents, history.writes(id)),
        ["path", "value", "of", "merged"],
      )
    );
  };
}

/** Who wrote what stands over some heads, for each path that anybody wrote. */
export function writersDiffer(heads: readonly string[]): Comparison {
  return (oracle, graph) => {
    const { leaves } = oracle.state(heads);
    for (const [path, { entries }] of oracle.evaluation(heads).outcomes) {
      const value = leaves.get(path);
      const same = entries.filter((entry) => sameValue(entry.value, value));
      const texts = entries.filter((entry) => entry.value !== undefined);
      const behind = (same.length > 0 ? same : texts).flatMap(({ of }) => of);
      const known = [...new Set(behind)].sort().join();
      const found = writersOf(graph, heads as RevisionId[], path, value).join();
      if (found !== known) return `${path}: written by ${found} against ${known}`;
    }
    return undefined;
  };
}

/** The conflict log of the whole history, in whatever order its revisions come. */
export function logsDiffer(frontier: readonly string[]): Comparison {
  return (oracle, graph, policy) => {
    const { history } = oracle;
    const revisions = history.ids().map((id) => graph.revision(id as RevisionId));
    const found = conflictLog(graph, revisions, frontier as RevisionId[], policy);
    return unlike(found, oracleLog(oracle, frontier), RECORD);
  };
}
