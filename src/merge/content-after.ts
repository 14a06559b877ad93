import { type Content, contentOf } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import { stateAt } from "./evaluate.ts";
import type { Graph } from "./graph.ts";
import { expandWrites, isFlag, touchesOf } from "./leaf-writes.ts";
import { DEFAULT_POLICY } from "./policy.ts";

/** Provisional. */
export function contentAfter(graph: Graph, revision: Revision): Content {
  const { leaves } = stateAt(graph, revision.parents, DEFAULT_POLICY);
  const after = new Map(leaves);
  const writes = expandWrites(revision.patch);
  const touches = touchesOf(writes, revision.pins, new Set([...after.keys()].filter(isFlag)));
  for (const { path, value } of revision.pins ?? []) after.set(path, value);
  for (const path of touches) after.delete(path);
  for (const [path, value] of writes) after.set(path, value);
  return contentOf(after);
}
