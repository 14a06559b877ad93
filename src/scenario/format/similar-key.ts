import { scenarioSchema } from "./json-schema.ts";

/** Slips of the keyboard that a key may be away from what was meant: one in short ones, or two. */
const SLIPS_MAX = 2;
const SHORT_CHARS = 4;

/** The key of the format that somebody meant who wrote another one, if it is clear which. */
export function similarKey(key: string): string | undefined {
  const slips = key.length <= SHORT_CHARS ? 1 : SLIPS_MAX;
  const near = [...keysIn(scenarioSchema())].filter((one) => distance(one, key) <= slips);
  return near.length === 1 ? near[0] : undefined;
}

/** Every key that a schema knows, wherever it stands. */
function keysIn(schema: unknown): ReadonlySet<string> {
  if (typeof schema !== "object" || schema === null) return new Set();
  const own = Object.keys((schema as { readonly properties?: object }).properties ?? {});
  return new Set([...own, ...Object.values(schema).flatMap((one) => [...keysIn(one)])]);
}

/** How many characters have to be put in, taken out, or changed, that case set aside. */
function distance(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
