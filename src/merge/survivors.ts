import { sameJson } from "../base/canonical.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Leaf } from "./leaf-writes.ts";
import { hasBit, isAncestor, type Region, seenBy } from "./region.ts";

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

/** All that a region says about one path. */
export interface Said {
  readonly writes: readonly PathWrite[];
  readonly pins: readonly PathPin[];
}

/** A write that can still decide a path's value, or the restatement of a merged value. */
export interface Candidate extends PathPin {
  readonly revision: RevisionId;
}

export function sameLeaf(a: Leaf, b: Leaf): boolean {
  return a === b || (a !== undefined && b !== undefined && sameJson(a, b));
}

/** The statements that no causal descendant among them replaces. */
export function newestOf<S extends PathWrite>(region: Region, statements: readonly S[]): S[] {
  const seen = seenBy(region, statements);
  return statements.filter(({ by }) => !hasBit(seen, by));
}

/**
 * The candidates for a path: the writes that nobody replaced, less those that somebody saw and
 * passed over when he saved something else (his pins), with restated merges in place of what they
 * were merged from. Empty when the region does not write the path.
 */
export function candidatesAt(region: Region, { writes, pins }: Said): Candidate[] {
  const standing = newestOf(region, writes);
  const idOf = (by: number): RevisionId => (region.revisions[by] as { id: RevisionId }).id;
  const ids = new Set(standing.map(({ by }) => idOf(by)));
  const seen = seenBy(region, [...writes, ...pins]);
  const valid = pins.filter(
    ({ by, of }) => !hasBit(seen, by) && of.every((revision) => ids.has(revision)),
  );
  const isPassedOver = ({ by, value }: PathWrite): boolean =>
    valid.some(
      (pin) =>
        isAncestor(region, by, pin.by) && !pin.of.includes(idOf(by)) && !sameLeaf(pin.value, value),
    );
  const left = standing.filter((write) => !isPassedOver(write));
  const edits = (left.length === 0 ? standing : left).map(({ by, value }) => {
    const revision = idOf(by);
    return { by, value, revision, of: [revision], merged: false };
  });
  return withMerges(
    edits,
    valid.map((pin) => ({ ...pin, revision: idOf(pin.by) })),
  );
}

/** Merged pins whose sources are all still there stand for them, all at once. */
function withMerges(edits: readonly Candidate[], pins: readonly Candidate[]): Candidate[] {
  const ids = new Set(edits.map(({ revision }) => revision));
  const merges = pins.filter(({ merged, of }) => merged && of.every((id) => ids.has(id)));
  const replaced = new Set(merges.flatMap(({ of }) => of));
  const left = edits.filter(({ revision }) => !replaced.has(revision));
  return [...left, ...merges];
}
