import { randomBytes } from "node:crypto";

/** Where randomness comes from. Nothing else in Syncline may draw any. */
export interface RandomSource {
  /** `count` fresh random bytes. */
  bytes(count: number): Uint8Array;
}

export const systemRandom: RandomSource = {
  bytes: (count) => randomBytes(count),
};
