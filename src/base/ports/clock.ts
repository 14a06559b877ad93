/** Where time comes from. Nothing else in Syncline may ask the machine for the time. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970, UTC. May jump either way. */
  nowMs(): number;
  /** Time that only moves forward, in milliseconds, for measuring and for time limits. */
  monotonicMs(): number;
  /** Where other threads find how far wall time is off, if it is. */
  readonly shift?: SharedArrayBuffer;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/**
 * The system's clock with its wall time set off, on all threads that share the memory: for timelines
 * that are replayed. It can be set at any time.
 */
export class ShiftedClock implements Clock {
  readonly shift: SharedArrayBuffer;
  readonly #ms: BigInt64Array;

  constructor(shift: SharedArrayBuffer = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.shift = shift;
    this.#ms = new BigInt64Array(shift);
  }

  set shiftMs(ms: number) {
    Atomics.store(this.#ms, 0, BigInt(Math.round(ms)));
  }

  nowMs(): number {
    return systemClock.nowMs() + Number(Atomics.load(this.#ms, 0));
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }
}
