import type { Counts } from "../store/rows.ts";

export const NO_COUNTS: Counts = { changesets: 0, revisions: 0, objects: 0, purges: 0 };

/** The sum of what is stored batch by batch; `objects` may count an object once per batch. */
export function addCounts(a: Counts, b: Counts): Counts {
  return {
    changesets: a.changesets + b.changesets,
    revisions: a.revisions + b.revisions,
    objects: a.objects + b.objects,
    purges: a.purges + b.purges,
  };
}
