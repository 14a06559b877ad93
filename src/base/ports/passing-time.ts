import type { Clock } from "./clock.ts";
import type { Timers } from "./timers.ts";

interface Waiting {
  readonly dueMs: number;
  readonly run: () => void;
  cancel: () => void;
}

/**
 * Time that can be told to pass at once, with the timers that are due by then: for timelines that
 * are replayed. Between two such jumps it passes as the given clock says.
 */
export class PassingTime implements Clock, Timers {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #waiting = new Set<Waiting>();
  #passedMs = 0;

  constructor(clock: Clock, timers: Timers) {
    this.#clock = clock;
    this.#timers = timers;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs() + this.#passedMs;
  }

  after(ms: number, run: () => void): () => void {
    const one: Waiting = { dueMs: this.monotonicMs() + ms, run, cancel: () => {} };
    this.#waiting.add(one);
    this.#arm(one);
    return () => {
      this.#waiting.delete(one);
      one.cancel();
    };
  }

  /** Lets time pass; what is due by then runs soon. */
  pass(ms: number): void {
    this.#passedMs += Math.max(0, ms);
    for (const one of this.#waiting) {
      one.cancel();
      this.#arm(one);
    }
  }

  #arm(one: Waiting): void {
    one.cancel = this.#timers.after(Math.max(0, one.dueMs - this.monotonicMs()), () => {
      this.#waiting.delete(one);
      one.run();
    });
  }
}
