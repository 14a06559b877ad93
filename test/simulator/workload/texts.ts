import type { Prng } from "../../../src/scenario/random/prng.ts";

/** Texts that have broken programs before. Lone surrogates are refused at the door, so not here. */
const ADVERSARIAL: readonly string[] = [
  "",
  " ",
  "\u00e9",
  "e\u0301",
  "\u212b",
  "a\u2028b\u2029c",
  "\u{1f469}\u200d\u{1f4bb}\u{1f30a}",
  "\ufeff\u0000\u0001\u007f\u0085",
  "\ud7ff\ue000\uffff",
  "\u202eright to left",
  "null",
  "-0",
  "1e400",
  "__proto__",
  "@deleted",
  "~0/~1",
  "</script>",
  "line\r\nline\n",
  '\\"',
  "İıſK",
];

const WORDS: readonly string[] = [
  "pump",
  "water",
  "harbor",
  "roads",
  "river",
  "bridge",
  "水",
  "Ünder",
];

/** A text: mostly of a few words, so that instances write the same and collide. */
export function drawText(random: Prng): string {
  if (random.chance(0.25)) return random.pick(ADVERSARIAL);
  if (random.chance(0.02)) return random.pick(WORDS).repeat(random.magnitude(100, 16_000));
  const words = random.between(1, 4);
  return Array.from({ length: words }, () => random.pick(WORDS)).join(" ");
}

/** A name: never empty. */
export function drawName(random: Prng): string {
  const text = drawText(random);
  return text === "" ? "nameless" : text;
}
