import { compareCodeUnits } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import { type Decision, decide, type Site } from "./decide.ts";
import { textMergeAt } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { type Leaf, writesAt } from "./leaf-writes.ts";
import type { Policy } from "./policy.ts";
import { findRegionSaying } from "./region.ts";
import { saidIn } from "./said.ts";
import { candidatesAt, sameLeaf } from "./survivors.ts";

/**
 * The edits that wrote the value which stands at a path at a frontier, sorted; never pins. Given the
 * value, which is in the content, they do not depend on the policy. For a value that no edit wrote,
 * a merge of texts, the edits with a text; none for a path that nobody ever wrote.
 */
export function writersOf(
  graph: Graph,
  frontier: readonly RevisionId[],
  path: string,
  value: Leaf,
): RevisionId[] {
  const { region, said } = siteOf(graph, frontier, path);
  const candidates = candidatesAt(region, said);
  const same = candidates.filter((candidate) => sameLeaf(candidate.value, value));
  const behind = same.length > 0 ? same : candidates.filter((one) => one.value !== undefined);
  return [...new Set(behind.flatMap(({ of }) => of))].sort(compareCodeUnits);
}

/** How a path that somebody wrote came by its value at a frontier, also long before it. */
export function decisionAt(
  graph: Graph,
  frontier: readonly RevisionId[],
  path: string,
  policy: Policy,
): Decision {
  const site = siteOf(graph, frontier, path);
  const { type } = site.region.revisions[0] as MergeInput;
  const rules = { type, policy, mergeTexts: textMergeAt(graph, frontier) };
  return decide(site, rules, candidatesAt(site.region, site.said));
}

function siteOf(graph: Graph, frontier: readonly RevisionId[], path: string): Site {
  const region = findRegionSaying(graph, frontier, (one) => writesAt(one, path));
  const said = saidIn(region, [path]).get(path) ?? { writes: [], pins: [] };
  return { region, path, said, base: undefined };
}
