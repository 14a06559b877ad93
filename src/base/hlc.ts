import type { Clock } from "./ports/clock.ts";

/**
 * A hybrid logical clock (Kulkarni et al. 2014) in one integer: microseconds, where the wall clock
 * gives milliseconds × 1,000 and the rest counts. It only breaks ties; correctness never depends
 * on it. Values stay below 2^53.
 */
export class HybridClock {
  readonly #clock: Clock;
  #last: number;

  /** `last` is the newest stamp this instance ever gave out. */
  constructor(clock: Clock, last = 0) {
    this.#clock = clock;
    this.#last = last;
  }

  /**
   * The next stamp: after every stamp given out before, and after `parents`. A parent's stamp far
   * in the future raises this one stamp only; it never drags the clock along.
   */
  next(parents: readonly number[] = []): number {
    const wall = this.#clock.nowMs() * 1000;
    const own = Math.max(wall, this.#last + 1);
    this.#last = own;
    return parents.reduce((stamp, parent) => Math.max(stamp, parent + 1), own);
  }

  /** The newest stamp given out, to be stored with what it stamped. */
  get last(): number {
    return this.#last;
  }
}

/** A stamp as ISO 8601 text with milliseconds, for people. */
export function hlcToIso(hlc: number): string {
  return new Date(Math.floor(hlc / 1000)).toISOString();
}

/** The stamp of an ISO 8601 time; undefined when the text is none. */
export function isoToHlc(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms * 1000;
}
