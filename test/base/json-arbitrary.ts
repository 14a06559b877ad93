import fc from "fast-check";
import { isForbiddenKey } from "../../src/base/ingress/survey.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";

/** Numbers that records may carry, minus zero left out: it prints as 0. */
export const safeNumber: fc.Arbitrary<number> = fc
  .oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0.1, 1e-7, 5e-324, 1.5, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  )
  .filter((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0));

/** Text with well-formed Unicode, including what needs escapes. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "",
    "\u0000",
    '"\\/\b\f\n\r\t',
    "\u2028",
    "\u{1F600}",
    "\uFFFD",
    "\u00e9",
    "e\u0301",
  ),
);

/** Keys that are hard on order, pointers and prototypes, and may yet be used. */
export const key: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom("a", "b", "c", "9", "10", "1e3", "-0", "4294967295", "", "~", "/", "~1", "-"),
    fc.constantFrom("\uFF21", "\u{1F600}", "toString", "hasOwnProperty", "length", "toJSON"),
    fc.nat({ max: 30 }).map(String),
    text,
  )
  .filter((name) => !isForbiddenKey(name));

/** Any JSON that may come in. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false), safeNumber, text),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(key, tie("value"), { maxKeys: 6 }),
  ),
})).value;

/** Any JSON object that may come in. */
export const jsonObject: fc.Arbitrary<JsonObject> = fc.dictionary(key, json, { maxKeys: 8 });
