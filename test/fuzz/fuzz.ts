import { Prng } from "../../src/scenario/random/prng.ts";
import { mutate } from "./mutate.ts";
import { type FuzzTarget, failureOf } from "./target.ts";

/** An input that a door neither takes nor refuses as it should, made as small as was easy. */
export interface FuzzFailure {
  readonly target: string;
  readonly seed: number;
  readonly why: string;
  readonly input: Uint8Array;
}

/** Feeds one input, made from a seed. */
export async function fuzzOne(target: FuzzTarget, seed: number): Promise<FuzzFailure | undefined> {
  const input = mutate(new Prng(seed, `fuzz ${target.name}`), target.seeds);
  const why = await failureOf(target, input);
  if (why === undefined) return undefined;
  const small = await shrunk(target, input);
  return { target: target.name, seed, why: (await failureOf(target, small)) ?? why, input: small };
}

/** Takes pieces away as long as the input still fails. */
async function shrunk(target: FuzzTarget, input: Uint8Array): Promise<Uint8Array> {
  let best = input;
  for (let size = best.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= best.length; ) {
      const less = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if ((await failureOf(target, less)) === undefined) at += size;
      else best = less;
    }
  }
  return best;
}

/** A failure as a person reads it, with the command that replays it. */
export function printFuzzFailure({ target, seed, why, input }: FuzzFailure): string {
  return [
    `fuzz ${target}: seed ${seed}`,
    `  ${why.split("\n").slice(0, 6).join("\n  ")}`,
    `  input (base64): ${Buffer.from(input).toString("base64").slice(0, 2000)}`,
    `  npm run fuzz -- --target ${target} --seed ${seed} --inputs 1`,
  ].join("\n");
}
