import type { Json } from "../base/json.ts";
import { eachLeaf } from "../model/content.ts";
import { DELETED_KEY, type Pin, type Write } from "../model/record.ts";

/** A value at a path, or nothing there. */
export type Leaf = Json | undefined;

const FLAG_END = `/${DELETED_KEY}`;

/** True for the path of a unit's deletion flag. */
export function isFlag(path: string): boolean {
  return path.endsWith(FLAG_END);
}

/** The flag of a unit: the object itself is `""`. */
export function flagOf(unit: string): string {
  return unit + FLAG_END;
}

/** A patch as one write per leaf: an `add` of a map stands for an `add` of each of its leaves. */
export function expandWrites(patch: readonly Write[]): Map<string, Leaf> {
  const writes = new Map<string, Leaf>();
  for (const write of patch) {
    if (write.op === "remove") writes.set(write.path, undefined);
    else eachLeaf(write.value, write.path, (path, leaf) => writes.set(path, leaf));
  }
  return writes;
}

/**
 * True for a write that shows its author used what lies around it: a value, or the removal of a
 * deletion flag. Removing a value or deleting a member keeps nothing alive.
 */
export function isLive(path: string, value: Leaf): boolean {
  return isFlag(path) ? value === undefined : value !== undefined;
}

/** The paths strictly above a path, outermost first: the object's `""`, then the maps on the way. */
export function* pathsAbove(path: string): Generator<string> {
  for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
    yield path.slice(0, end);
  }
}

/** The deletion flags of the units that hold a path, outermost first; for a flag, itself too. */
export function* flagsAbove(path: string): Generator<string> {
  for (const unit of pathsAbove(path)) yield flagOf(unit);
}

/**
 * What a revision touches: of the flags that matter, those above one of its live writes that it
 * neither writes nor pins. A touch is a write "absent": the author worked there, so it was alive.
 */
export function touchesOf(
  writes: ReadonlyMap<string, Leaf>,
  pins: readonly Pin[] | undefined,
  flags: ReadonlySet<string>,
): Set<string> {
  const touched = new Set<string>();
  if (flags.size === 0) return touched;
  for (const [path, value] of writes) {
    if (!isLive(path, value)) continue;
    for (const flag of flagsAbove(path)) {
      if (flags.has(flag) && !writes.has(flag)) touched.add(flag);
    }
  }
  for (const { path } of pins ?? []) touched.delete(path);
  return touched;
}

/** What a revision writes, by path: its own writes, and its touches of these flags. */
export function writesOf(
  { patch, pins }: { readonly patch: readonly Write[]; readonly pins?: readonly Pin[] },
  flags: ReadonlySet<string>,
): Map<string, Leaf> {
  const writes = expandWrites(patch);
  for (const flag of touchesOf(writes, pins, flags)) writes.set(flag, undefined);
  return writes;
}

/** True when a revision writes a path, by itself or by a touch. */
export function writesAt(revision: Parameters<typeof writesOf>[0], path: string): boolean {
  return writesOf(revision, new Set(isFlag(path) ? [path] : [])).has(path);
}
