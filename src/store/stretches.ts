import type { Lsn } from "../base/ids.ts";
import { RUN_STRETCHES_MAX } from "../base/limits.ts";

/** The entries of the own log after a position, up to another. */
export type Stretch = readonly [after: Lsn, to: Lsn];

/** What a commit of received records stored, and where the own log ended then. */
interface Stored {
  readonly head: { readonly lsn: Lsn };
  readonly revisions: number;
  readonly purges: number;
}

/** Where in the own log a commit of received records stands; null when it stored none. */
export function stretchOf({ head, revisions, purges }: Stored): Stretch | null {
  const stored = revisions + purges;
  return stored === 0 ? null : [head.lsn - stored, head.lsn];
}

/** Adds the newest stretch. One too many is avoided by taking the shortest gap for a part. */
export function addStretch(stretches: Stretch[], added: Stretch | null): void {
  if (added === null) return;
  const [after, to] = added;
  const last = stretches.at(-1);
  if (last !== undefined && last[1] === after) stretches[stretches.length - 1] = [last[0], to];
  else stretches.push(added);
  if (stretches.length > RUN_STRETCHES_MAX) joinClosest(stretches);
}

function joinClosest(stretches: Stretch[]): void {
  const gaps = stretches.slice(1).map(([after], index) => after - (stretches[index]?.[1] ?? 0));
  const at = gaps.indexOf(Math.min(...gaps));
  const [first, second] = [stretches[at], stretches[at + 1]];
  if (first !== undefined && second !== undefined) stretches.splice(at, 2, [first[0], second[1]]);
}

/** What of the stretches comes after a position. */
export function stretchesAfter(stretches: readonly Stretch[], lsn: Lsn): Stretch[] {
  return stretches
    .filter(([, to]) => to > lsn)
    .map(([after, to]): Stretch => [Math.max(after, lsn), to]);
}

export function isWithin(stretches: readonly Stretch[], lsn: Lsn): boolean {
  return stretches.some(([after, to]) => lsn > after && lsn <= to);
}
