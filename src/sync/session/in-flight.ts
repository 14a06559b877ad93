import type { Lsn } from "../../base/ids.ts";
import type { Counts } from "../../store/rows.ts";
import { addCounts, NO_COUNTS } from "../counts.ts";

/** Batches on their way, and the sum of those that have arrived. */
export class InFlight {
  readonly #batches: { readonly to: Lsn; readonly counts: Counts }[] = [];
  /** What arrived; the target may say it better. */
  counts: Counts = NO_COUNTS;

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  add(to: Lsn, { changesets, revisions }: Pick<Counts, "changesets" | "revisions">): void {
    this.#batches.push({ to, counts: { ...NO_COUNTS, changesets, revisions } });
  }

  /** The target has everything up to a position. */
  confirm(lsn: Lsn): void {
    for (let first = this.#batches[0]; first && first.to <= lsn; first = this.#batches[0]) {
      this.counts = addCounts(this.counts, first.counts);
      this.#batches.shift();
    }
  }
}
