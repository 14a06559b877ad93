import { sameJson } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Leaf } from "./leaf-writes.ts";
import { isAncestor, type Region } from "./region.ts";

/** One write at a path, by the revision of that number in the region. */
export interface PathWrite {
  readonly by: number;
  readonly value: Leaf;
}

/** One pin at a path. */
export interface PathPin extends PathWrite {
  readonly of: readonly RevisionId[];
  readonly merged: boolean;
}

/** A write that can still decide a path's value. */
export interface Candidate extends PathWrite {
  readonly revision: RevisionId;
  /** True for the restatement of a merged value. */
  readonly merged: boolean;
}

export function sameLeaf(a: Leaf, b: Leaf): boolean {
  return a === b || (a !== undefined && b !== undefined && sameJson(a, b));
}

/** The writes that no causal descendant replaces. */
export function standingWrites(region: Region, writes: readonly PathWrite[]): PathWrite[] {
  return writes.filter(({ by }) => !writes.some((other) => isAncestor(region, by, other.by)));
}

/**
 * The candidates for a path: the standing writes, less those that somebody saw and passed over when
 * he saved something else (his pins), with restated merges in place of what they were merged from.
 */
export function candidatesAt(
  region: Region,
  standing: readonly PathWrite[],
  writes: readonly PathWrite[],
  pins: readonly PathPin[],
): Candidate[] {
  const idOf = (by: number): RevisionId => (region.revisions[by] as { id: RevisionId }).id;
  const ids = new Set(standing.map(({ by }) => idOf(by)));
  const valid = pins.filter(
    (pin) =>
      pin.of.every((id) => ids.has(id)) &&
      ![...writes, ...pins].some((later) => isAncestor(region, pin.by, later.by)),
  );
  const passedOver = ({ by, value }: PathWrite): boolean =>
    valid.some(
      (pin) =>
        isAncestor(region, by, pin.by) && !pin.of.includes(idOf(by)) && !sameLeaf(pin.value, value),
    );
  const left = standing.filter((write) => !passedOver(write));
  const kept = left.length === 0 ? standing : left;
  return restated(kept, valid, idOf);
}

/** Merged pins whose sources are all still there stand for them, all at once. */
function restated(
  kept: readonly PathWrite[],
  pins: readonly PathPin[],
  idOf: (by: number) => RevisionId,
): Candidate[] {
  const ids = new Set(kept.map(({ by }) => idOf(by)));
  const merged = pins.filter((pin) => pin.merged && pin.of.every((id) => ids.has(id)));
  const replaced = new Set(merged.flatMap(({ of }) => of));
  const plain = kept
    .map(({ by, value }) => ({ by, value, revision: idOf(by), merged: false }))
    .filter(({ revision }) => !replaced.has(revision));
  const restatements = merged.map(({ by, value }) => ({
    by,
    value,
    revision: idOf(by),
    merged: true,
  }));
  return [...plain, ...restatements].sort((a, b) => a.by - b.by);
}
