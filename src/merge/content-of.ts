import { isJsonObject, type Json, type MutableJsonObject } from "../base/json.ts";
import { parsePointer } from "../base/pointer.ts";
import type { Content } from "../model/content.ts";
import { pathsAbove } from "./leaf-writes.ts";

/**
 * The content that leaves spell. A value with another leaf below it has no place in a tree and is
 * left out: a scalar where a deleted unit was, which no schema allows.
 */
export function contentOf(leaves: ReadonlyMap<string, Json>): Content {
  const maps = new Set<string>();
  for (const path of leaves.keys()) for (const above of pathsAbove(path)) maps.add(above);
  const root: MutableJsonObject = {};
  for (const [path, leaf] of leaves) {
    if (maps.has(path)) continue;
    const keys = parsePointer(path);
    const last = keys.pop() as string;
    let map = root;
    for (const key of keys) {
      const member = Object.hasOwn(map, key) ? map[key] : undefined;
      const next: MutableJsonObject = isJsonObject(member) ? member : {};
      map[key] = next;
      map = next;
    }
    map[last] = leaf;
  }
  return root;
}
