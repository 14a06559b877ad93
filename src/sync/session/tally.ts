import type { Lsn } from "../../base/ids.ts";
import type { Counts } from "../../store/rows.ts";
import type { ApplyOutcome } from "../../store/store.ts";
import { addStretch, type Stretch, stretchesAfter, stretchOf } from "../../store/stretches.ts";
import { addCounts, NO_COUNTS } from "../counts.ts";
import { RefusedRecords } from "./result.ts";

/** Adds up what a target stored. */
export class Tally {
  #counts: Counts = NO_COUNTS;
  #merged = 0;
  #newConflicts = 0;
  readonly #refused = new RefusedRecords();
  readonly #stretches: Stretch[] = [];
  /** From where, in the own log, objects that came are still to be counted. */
  #countedTo: Lsn;
  #objects = 0;

  constructor(ownHead: Lsn) {
    this.#countedTo = ownHead;
  }

  /** What was stored; `objects` is exact once everything was covered. */
  get counts(): Counts {
    return this.#counts;
  }

  /** Objects merged and conflicts found, by batch. */
  get concurrent(): { readonly merged: number; readonly newConflicts: number } {
    return { merged: this.#merged, newConflicts: this.#newConflicts };
  }

  get refused(): RefusedRecords["said"] {
    return this.#refused.said;
  }

  /** Where in the own log everything stands that was stored. */
  get stretches(): readonly Stretch[] {
    return this.#stretches;
  }

  /** Where what is still to be counted stands. */
  get uncounted(): readonly Stretch[] {
    return stretchesAfter(this.#stretches, this.#countedTo);
  }

  add(outcome: ApplyOutcome): void {
    this.#counts = addCounts(this.#counts, outcome);
    this.#merged += outcome.merged;
    this.#newConflicts += outcome.newConflicts;
    this.#refused.add(outcome.refused);
    addStretch(this.#stretches, stretchOf(outcome));
  }

  /** So many distinct objects came in {@link uncounted}. */
  cover(objects: number): void {
    this.#counts = { ...this.#counts, objects: this.#objects + objects };
  }

  /**
   * Goes on counting from here: over a live session, which may be long, an object counts once each
   * time that everything has come.
   */
  countFrom(lsn: Lsn): void {
    this.#countedTo = lsn;
    this.#objects = this.#counts.objects;
  }
}
