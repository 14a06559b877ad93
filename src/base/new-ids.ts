import { v4, v7 } from "uuid";
import type { RandomSource } from "./ports/random.ts";

/** A random UUID (version 4), drawn from the given source. */
export function randomId(random: RandomSource): string {
  return v4({ random: random.bytes(16) });
}

/**
 * A time-ordered UUID (version 7). `ms` and `counter` come from the caller's hybrid clock, so that
 * ids sort as they were made and index pages fill in order.
 */
export function timeOrderedId(random: RandomSource, ms: number, counter: number): string {
  return v7({ random: random.bytes(16), msecs: ms, seq: counter });
}
