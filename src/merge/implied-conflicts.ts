import type { RevisionId } from "../base/ids.ts";
import { leavesOf } from "../model/content.ts";
import type { Conflict } from "./conflict.ts";
import { evaluate } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { isFlag, type Leaf, writesOf } from "./leaf-writes.ts";
import type { Policy } from "./policy.ts";
import type { mergeTexts } from "./text.ts";

/**
 * The conflicts that a stored revision of several parents met: those of its parents' state, each
 * with the value that its author left there. Rule `authored`: he wrote it; `restated`: he saved
 * something else over it. The policy only says which conflicts are about texts.
 */
export function impliedConflicts(graph: Graph, revision: MergeInput, policy: Policy): Conflict[] {
  const { parents } = revision;
  const { conflicts } = evaluate(graph, parents, policy, winnerAlone);
  const outcomeAt = outcomesOf(graph, revision, conflicts);
  return conflicts.map((conflict) => ({ ...conflict, ...outcomeAt(conflict.path) }));
}

type Outcome = Pick<Conflict, "chosen" | "rule">;

/** What a revision left at the paths of these conflicts. */
function outcomesOf(
  graph: Graph,
  revision: MergeInput,
  conflicts: readonly Conflict[],
): (path: string) => Outcome {
  const writes = writesOf(revision, new Set(conflicts.map(({ path }) => path).filter(isFlag)));
  const pins = new Map((revision.pins ?? []).map((pin) => [pin.path, pin]));
  let leaves: ReadonlyMap<string, Leaf> | undefined;
  return (path) => {
    if (writes.has(path)) {
      return { chosen: { revision: revision.id, value: writes.get(path) }, rule: "authored" };
    }
    const pin = pins.get(path);
    if (pin === undefined) {
      leaves ??= leavesOf(graph.content(revision.id));
      return { chosen: { revision: null, value: leaves.get(path) }, rule: "restated" };
    }
    const by = pin.merged === true ? null : (pin.of[0] as RevisionId);
    return { chosen: { revision: by, value: pin.value }, rule: "restated" };
  };
}

/** The values that were chosen are known, so texts need not be merged again. */
const winnerAlone: typeof mergeTexts = (_region, _said, _base, _candidates, winner) => ({
  value: "",
  sources: [winner],
});
