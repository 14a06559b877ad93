import type { Prng } from "../../src/scenario/random/prng.ts";

/** What breaks parsers, put in where a mutation needs something. */
const TOKENS: readonly string[] = [
  ...['"', "\\", "{", "}", "[", "]", ",", ":", "\n", "\0", "~", "~0", "~1", "/", "/-", "//", " "],
  ...['"__proto__":{}', '"constructor":1', "/__proto__/x", "null", "true", "-0", "1e400", "0.1"],
  ...["9007199254740993", "-9007199254740992", "1E5", "\\ud800", "\\u0000", "\\u2028", "\ufeff"],
  ...["é", "e\u0301", "\ud83d\ude00", '{"op":"add"', '"path":""', '"value":{}', '"from":"/name"'],
  ...["[".repeat(70), '{"a":'.repeat(70), "0".repeat(40), "00000000-0000-4000-8000-000000000000"],
];
const BYTES: readonly number[] = [0, 1, 0x22, 0x5c, 0x7f, 0x80, 0xbf, 0xc0, 0xed, 0xf5, 0xff];
const ROUNDS_MAX = 8;
const RANGE_MAX = 64;
const BYTES_MAX = 64 * 1024;

/** A changed copy of one of the seeds: a few mutations one after the other. */
export function mutate(random: Prng, seeds: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = random.pick(seeds);
  for (let rounds = random.between(1, ROUNDS_MAX); rounds > 0; rounds--) {
    bytes = random.pick(MUTATIONS)(random, bytes, seeds).subarray(0, BYTES_MAX);
  }
  return bytes;
}

type Mutation = (random: Prng, bytes: Uint8Array, seeds: readonly Uint8Array[]) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  (random, bytes) => replaced(random, bytes, (byte) => byte ^ (1 << random.between(0, 7))),
  (random, bytes) => replaced(random, bytes, () => random.pick(BYTES)),
  (random, bytes) => replaced(random, bytes, () => random.between(0, 255)),
  (random, bytes) => inserted(random, bytes, Buffer.from(random.pick(TOKENS))),
  (random, bytes) => inserted(random, bytes, range(random, bytes)),
  (random, bytes, seeds) => inserted(random, bytes, range(random, random.pick(seeds))),
  (random, bytes) => {
    const [from, to] = place(random, bytes);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (random, bytes) => bytes.subarray(0, random.between(0, bytes.length)),
];

function replaced(random: Prng, bytes: Uint8Array, change: (byte: number) => number): Uint8Array {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  const at = random.between(0, copy.length - 1);
  copy[at] = change(copy[at] as number);
  return copy;
}

function inserted(random: Prng, bytes: Uint8Array, what: Uint8Array): Uint8Array {
  const at = random.between(0, bytes.length);
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
}

function range(random: Prng, bytes: Uint8Array): Uint8Array {
  return bytes.subarray(...place(random, bytes));
}

function place(random: Prng, bytes: Uint8Array): [from: number, to: number] {
  const from = random.between(0, bytes.length);
  return [from, Math.min(bytes.length, from + random.between(1, RANGE_MAX))];
}
