import type { Timers } from "../../base/ports/timers.ts";

/** What adds so many entries at once is a sync or an import, of which more will come. */
const MANY_ENTRIES = 100;
/** So many are worth a step of their own. */
const STEP_ENTRIES_MIN = 1000;
/** How long some wait for more; who reads the file in another process waits twice as long for them. */
const GATHERING_MS_MAX = 100;

/**
 * When the index takes its next step. Each writes most of its pages again and ends in a segment of
 * words, so that a step for every commit of a sync costs half as much again as one for five of them.
 * An edit is indexed at once, and so is everything when somebody waits for it.
 */
export class StepPace {
  readonly #timers: Timers;
  readonly #step: () => void;
  #entries = 0;
  #cancel: (() => void) | undefined;

  constructor(timers: Timers, step: () => void) {
    this.#timers = timers;
    this.#step = step;
  }

  /** So many entries were handed over. */
  added(entries: number): void {
    this.#entries += entries;
    if (entries < MANY_ENTRIES || this.#entries >= STEP_ENTRIES_MIN) this.hurry();
    else this.#cancel ??= this.#timers.after(GATHERING_MS_MAX, () => this.hurry());
  }

  /** Whatever there is, its step is due. */
  hurry(): void {
    this.end();
    this.#entries = 0;
    this.#step();
  }

  /** Nothing is due any more. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
