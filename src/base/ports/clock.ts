/** Where time comes from. Nothing else in Syncline may ask the machine for the time. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970, UTC. May jump either way. */
  nowMs(): number;
  /** Time that only moves forward, in milliseconds, for measuring and for time limits. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
