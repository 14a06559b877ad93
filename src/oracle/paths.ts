/** Paths, flags, and the leaves of a value. */
import { isJsonObject, type Json } from "../base/json.ts";
import { escapeKey, parsePointer } from "../base/pointer.ts";
import type { Write } from "../model/record.ts";
import type { Leaves, Value } from "./types.ts";

const FLAG_END = "/@deleted";

/** True for `<unit>/@deleted`. A key never holds a plain "/", so the end decides. */
export function isFlag(path: string): boolean {
  return path.endsWith(FLAG_END);
}

export function flagOf(unit: string): string {
  return unit + FLAG_END;
}

export function unitOf(flag: string): string {
  return flag.slice(0, -FLAG_END.length);
}

/** The paths strictly above a path, the root ("") included. */
export function pathsAbove(path: string): string[] {
  const above: string[] = [];
  for (let at = path.lastIndexOf("/"); at >= 0; at = path.lastIndexOf("/", at - 1)) {
    above.push(path.slice(0, at));
    if (at === 0) break;
  }
  return above;
}

/** A value's leaves below a path: itself for a scalar or an array, none for an empty map. */
export function leavesAt(path: string, value: Json): [string, Json][] {
  if (!isJsonObject(value)) return [[path, value]];
  return Object.keys(value).flatMap((key) =>
    leavesAt(`${path}/${escapeKey(key)}`, value[key] as Json),
  );
}

/** A patch as leaf writes: an `add` of a map is one `add` per leaf. */
export function leafWrites(patch: readonly Write[]): Map<string, Value> {
  const writes = new Map<string, Value>();
  for (const write of patch) {
    if (write.op === "remove") writes.set(write.path, undefined);
    else for (const [path, value] of leavesAt(write.path, write.value)) writes.set(path, value);
  }
  return writes;
}

/** The tree that leaves spell; for creations, which have no value above another. */
export function treeOf(leaves: Leaves): Json {
  const root: { [key: string]: Json } = {};
  for (const [path, value] of leaves) {
    const keys = parsePointer(path);
    let place = root;
    for (const key of keys.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as { [key: string]: Json };
    }
    place[keys.at(-1) as string] = value;
  }
  return root;
}

export function setOrDelete(leaves: Map<string, Json>, path: string, value: Value): void {
  if (value === undefined) leaves.delete(path);
  else leaves.set(path, value);
}
