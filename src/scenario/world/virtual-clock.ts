import type { Clock } from "../../base/ports/clock.ts";
import type { Scheduler } from "./scheduler.ts";

/** Where virtual time begins on a clock that goes right: 2026-01-15T10:00:00Z. */
export const EPOCH_MS: number = Date.UTC(2026, 0, 15, 10);

/** The clock of one instance: it may be wrong, and jump; monotonic time does neither. */
export class VirtualClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #epochMs: number;
  #skewMs = 0;

  constructor(scheduler: Scheduler, epochMs: number = EPOCH_MS) {
    this.#scheduler = scheduler;
    this.#epochMs = epochMs;
  }

  nowMs(): number {
    return Math.floor(this.#epochMs + this.#scheduler.nowMs + this.#skewMs);
  }

  monotonicMs(): number {
    return this.#scheduler.nowMs;
  }

  jump(ms: number): void {
    this.#skewMs += ms;
  }
}
