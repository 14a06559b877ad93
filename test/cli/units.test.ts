// Proves how numbers read: grouped, with units that fit their size, the same on every machine.
import { expect, test } from "vitest";
import { ago, bytes, clockTime, counted, duration } from "../../src/cli/output/units.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [12_340, "12.3 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1.0 MB"],
  [7_250_000_000, "7.3 GB"],
])("%i bytes are %s", (value, text) => expect(bytes(value)).toBe(text));

test.each([
  [0.214, "0.21 s"],
  [9.996, "10.0 s"],
  [59.96, "1 min 00 s"],
  [125, "2 min 05 s"],
  [3840, "1 h 04 min"],
])("%f seconds are %s", (value, text) => expect(duration(value)).toBe(text));

test.each([
  [7.4, "0:07"],
  [750, "12:30"],
  [3840, "1:04:00"],
])("%f seconds left are %s", (value, text) => expect(clockTime(value)).toBe(text));

test("plurals and past", () => {
  expect(counted(1, "package")).toBe("1 package");
  expect(counted(1234, "package")).toBe("1,234 packages");
  expect(ago(59)).toBe("just now");
  expect(ago(86_400 * 2)).toBe("2 days ago");
});
