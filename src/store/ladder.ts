import { LADDER_RUNGS_MAX } from "../base/limits.ts";
import type { Rung } from "./rows.ts";
import type { ApplyBatch } from "./store.ts";

/**
 * A cursor's ladder after a new rung: newest first, at most {@link LADDER_RUNGS_MAX}, one rung for
 * each doubling of the distance, so that a source that lost its tail finds a rung close below the
 * loss. Keeping the oldest rung of each distance lets rungs age into the next one.
 */
export function climb(ladder: readonly Rung[], rung: Rung): Rung[] {
  const oldest = new Map<number, Rung>();
  for (const old of ladder) {
    if (old.epoch !== rung.epoch || old.lsn >= rung.lsn) continue;
    oldest.set(Math.floor(Math.log2(rung.lsn - old.lsn)), old);
  }
  const older = [...oldest.values()].sort((a, b) => b.lsn - a.lsn);
  const [last] = ladder;
  const goesOn = last !== undefined && last.epoch === rung.epoch && last.lsn <= rung.lsn;
  const newest = goesOn && last.passesGone ? { ...rung, passesGone: last.passesGone } : rung;
  return [newest, ...older].slice(0, LADDER_RUNGS_MAX);
}

/** A batch whose cursor takes note that it passes something that is gone at the source. */
export function marked(batch: ApplyBatch): ApplyBatch {
  const { cursor } = batch;
  if (cursor === null) return batch;
  return { ...batch, cursor: { ...cursor, rung: { ...cursor.rung, passesGone: true } } };
}

/**
 * True where a source that began another epoch since may have again what was left out: it was set
 * back to before that went. Its chain does not tell, so that the whole log has to come again.
 */
export function mayBeBack([newest]: readonly Rung[], epoch: string): boolean {
  return newest?.passesGone === true && newest.epoch !== epoch;
}

type Move = NonNullable<ApplyBatch["cursor"]>;

/**
 * A stored ladder, undefined before the first batch, after a batch that begins at a position. One
 * that is empty stays so until the log comes again from its beginning.
 */
export function climbed(
  ladder: readonly Rung[] | undefined,
  { after, rung, isFirst, fresh }: Move,
): readonly Rung[] {
  if (ladder !== undefined && staysAt(ladder, fresh)) return ladder;
  const isAmid = after.lsn > 0 && isFirst !== true;
  return ladder?.length === 0 && isAmid ? ladder : climb(ladder ?? [], rung);
}

/** True for a cursor that another session made, or moved: one that began with nothing leaves it. */
export function staysAt(ladder: readonly Rung[] | undefined, fresh: Move["fresh"]): boolean {
  if (ladder === undefined || fresh === undefined) return false;
  const { last, hasEntered, isOver } = fresh;
  const [newest] = ladder;
  if (isOver) return true;
  if (last === null) return newest !== undefined || !hasEntered;
  return newest?.lsn !== last.lsn || newest.chain !== last.chain;
}
