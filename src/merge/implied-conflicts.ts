import type { RevisionId } from "../base/ids.ts";
import { leavesOf } from "../model/content.ts";
import type { Conflict } from "./conflict.ts";
import { evaluate } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { writeAt } from "./leaf-writes.ts";
import type { Policy } from "./policy.ts";
import type { mergeTexts } from "./text.ts";

/**
 * The conflicts that a stored revision of several parents met: those of its parents' state, each
 * with the value that its author left there. Rule `authored`: he wrote it; `restated`: he saved
 * something else over it. The policy only says which conflicts are about texts.
 */
export function impliedConflicts(graph: Graph, revision: MergeInput, policy: Policy): Conflict[] {
  const { parents } = revision;
  if (parents.length < 2) return [];
  const { conflicts } = evaluate(graph, parents, policy, winnerAlone);
  return conflicts.map((conflict) => ({ ...conflict, ...outcomeOf(graph, revision, conflict) }));
}

function outcomeOf(
  graph: Graph,
  revision: MergeInput,
  { path }: Conflict,
): Pick<Conflict, "chosen" | "rule"> {
  const write = writeAt(revision, path);
  if (write !== undefined) {
    return { chosen: { revision: revision.id, value: write.value }, rule: "authored" };
  }
  const pin = revision.pins?.find((one) => one.path === path);
  if (pin === undefined) {
    const value = leavesOf(graph.content(revision.id)).get(path);
    return { chosen: { revision: null, value }, rule: "restated" };
  }
  const by = pin.merged === true ? null : (pin.of[0] as RevisionId);
  return { chosen: { revision: by, value: pin.value }, rule: "restated" };
}

/** The values that were chosen are known, so texts need not be merged again. */
const winnerAlone: typeof mergeTexts = (_region, _said, _base, _candidates, winner) => ({
  value: "",
  sources: [winner],
});
