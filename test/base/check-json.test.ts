// Proves that a value from a program passes exactly when its JSON text would.
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkJson } from "../../src/base/ingress/check-json.ts";
import { json } from "./json-arbitrary.ts";

test("takes any JSON", () => {
  fc.assert(fc.property(json, (value) => checkJson(value)));
  const deep = JSON.parse("[".repeat(64) + "]".repeat(64)) as unknown;
  checkJson(deep);
});

const cycle: unknown[] = [];
cycle.push(cycle);

test.each([
  ["undefined", { a: undefined }, "INVALID_JSON", "/a"],
  ["a hole", { a: new Array(1) }, "INVALID_JSON", "/a/0"],
  ["a date", [new Date(0)], "INVALID_JSON", "/0"],
  ["a map", new Map(), "INVALID_JSON", ""],
  ["a function", { toJSON: () => 1 }, "INVALID_JSON", "/toJSON"],
  ["a big integer", 1n, "INVALID_JSON", ""],
  ["a number that is none", { "a/b": NaN }, "UNSAFE_NUMBER", "/a~1b"],
  ["infinity", [1, Infinity], "UNSAFE_NUMBER", "/1"],
  ["2^53", 2 ** 53, "UNSAFE_NUMBER", ""],
  ["half a pair", { a: "\ud800" }, "LONE_SURROGATE", "/a"],
  ["half a pair in a key", { a: { "\udc00": 1 } }, "LONE_SURROGATE", "/a"],
  ["an own __proto__", JSON.parse('{"a":{"__proto__":1}}'), "FORBIDDEN_KEY", "/a"],
  ["constructor", { constructor: 1 }, "FORBIDDEN_KEY", ""],
  ["a long key", { ["k".repeat(1025)]: 1 }, "INPUT_TOO_LARGE", ""],
  ["65 levels", JSON.parse("[".repeat(65) + "]".repeat(65)), "TOO_DEEP", "/0".repeat(40)],
  ["a cycle", cycle, "TOO_DEEP", "/0".repeat(40)],
])("refuses %s", (_name, value, code, where) => {
  expect(() => checkJson(value)).toThrowError(expect.objectContaining({ code, where }));
});
