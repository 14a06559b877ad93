import type { Lsn } from "../../base/ids.ts";
import { LADDER_RUNGS_MAX } from "../../base/limits.ts";

/** The end of a log, and positions at doubling distances below it, newest first. */
export function pointsBelow(head: Lsn): Lsn[] {
  const points = [head];
  for (let distance = 1; distance < head && points.length < LADDER_RUNGS_MAX; distance *= 2) {
    points.push(head - distance);
  }
  return points;
}
