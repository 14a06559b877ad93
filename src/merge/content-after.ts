import type { Json } from "../base/json.ts";
import type { Content } from "../model/content.ts";
import { contentOf } from "./content-of.ts";
import { evaluate } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import { expandWrites, isFlag, type Leaf, touchesOf } from "./leaf-writes.ts";
import type { Policy } from "./policy.ts";
import { mergeTexts } from "./text.ts";

/**
 * The policy under which contents are computed. Any would do: where policies differ, a revision
 * pins what its author saw. This one merges no texts.
 */
const PLAIN: Policy = { default: "newest", deletes: "edit-wins", names: {}, types: {} };

/**
 * The content of a revision whose parents are stored: what its author saw, with his writes. The
 * same under every policy. Never fails: whether it is what the author meant, his body hash says.
 */
export function contentAfter(graph: Graph, revision: MergeInput): Content {
  const { parents, patch, pins = [] } = revision;
  const leaves = new Map<string, Json>(evaluate(graph, parents, PLAIN, mergeTexts).leaves);
  const put = (path: string, value: Leaf): void => {
    if (value === undefined) leaves.delete(path);
    else leaves.set(path, value);
  };
  const writes = expandWrites(patch);
  const flags = new Set([...leaves.keys()].filter(isFlag));
  const touches = touchesOf(writes, pins, flags);
  for (const { path, value } of pins) put(path, value);
  for (const path of touches) put(path, undefined);
  for (const [path, value] of writes) put(path, value);
  return contentOf(leaves);
}
