/** Where two answers to one question part, in words. */
import { sameValue } from "./strategy.ts";
import type { Leaves, Value } from "./types.ts";

/** The first path where two contents differ, in words. */
export function difference(a: Leaves, b: Leaves): string | undefined {
  for (const path of [...a.keys(), ...b.keys()]) {
    const [one, other] = [a.get(path), b.get(path)];
    if (!sameValue(one, other)) return `${path}: ${print(one)} against ${print(other)}`;
  }
  return undefined;
}

export function print(value: Value): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** What a conflict says, apart from what became of it. */
export const CONFLICT: readonly string[] = [
  "id",
  "object",
  "path",
  "kind",
  "base",
  "candidates",
  "chosen",
  "rule",
];

/** The same with what became of it. */
export const RECORD: readonly string[] = [...CONFLICT, "status", "resolvedBy"];

/**
 * The first item where two lists differ, in a form where an absent value shows. A member of a field
 * that is left out is the same as one that is undefined: rows that were stored know no other.
 */
export function unlike(
  found: readonly object[],
  known: readonly object[],
  fields: readonly string[],
): string | undefined {
  const print = (items: readonly object[]): string[] =>
    items.map((item) => {
      const values = fields.map((field) => {
        const value = (item as Record<string, unknown>)[field];
        return value === undefined ? ["nothing"] : value;
      });
      return JSON.stringify(values);
    });
  const [here, there] = [print(found), print(known)];
  const at = here.findIndex((one, index) => one !== there[index]);
  if (at < 0 && here.length === there.length) return undefined;
  return `${here[at] ?? here.join()} against ${there[at] ?? there.join()}`;
}
