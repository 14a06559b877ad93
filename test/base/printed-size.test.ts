// Proves that the bound holds: no value prints longer than it says, so that nothing over a limit
// passes unmeasured.
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import { printedBytesMax } from "../../src/base/printed-size.ts";
import { json } from "./json-arbitrary.ts";

test("no value prints longer than its bound", () => {
  fc.assert(
    fc.property(json, (value) => {
      const bytes = Buffer.byteLength(canonicalize(value));
      expect(printedBytesMax(value)).toBeGreaterThanOrEqual(bytes);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [["\u0000\u0001"]],
  [["\u20ac"]],
  [[[], [[]], {}]],
  [Array.from({ length: 9 }, () => -1.2345678901234567e-6)],
  [{ "\u0000": null }],
])("%j does not either", (value) => {
  expect(printedBytesMax(value)).toBeGreaterThanOrEqual(Buffer.byteLength(canonicalize(value)));
});
