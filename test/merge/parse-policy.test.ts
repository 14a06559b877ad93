// Proves that policy documents are taken in one form only, hashed by their canonical JSON, and that
// what does not fit is named with its place and what was expected there.
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import { isSynclineError } from "../../src/base/errors.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { parsePolicy } from "../../src/merge/parse-policy.ts";
import { DEFAULT_IN_FORCE, DEFAULT_POLICY } from "../../src/merge/policy.ts";
import { INSTANCES } from "./policies.ts";

const [ONE, TWO] = INSTANCES as [string, string];
const PLAIN = DEFAULT_POLICY as unknown as JsonObject;
const at = (path: string, strategy: Json): Json => ({
  ...PLAIN,
  types: { package: { [path]: strategy } },
});
const manyPaths = (count: number, length: number): JsonObject => {
  const paths = Array.from({ length: count }, (_one, index) => `/${index}`.padEnd(length, "x"));
  return Object.fromEntries(paths.map((path) => [path, "text"]));
};

describe("a policy", () => {
  test("is hashed by its canonical JSON, whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(PLAIN).reverse());
    const { policy, hash } = parsePolicy(turned);
    expect(policy).toEqual(DEFAULT_POLICY);
    expect(hash).toBe(sha256Hex(canonicalize(PLAIN)));
    expect(DEFAULT_IN_FORCE).toEqual({ policy: DEFAULT_POLICY, hash });
  });

  test.each<[string, Json]>([
    ["types that are not known here", { ...PLAIN, types: { vessel: { "/a~1b/*": "set" } } }],
    ["a priority list", { ...PLAIN, default: { priority: [TWO, ONE] } }],
    ["a priority list at a path", at("/title", { priority: [ONE] })],
    ["deletions that win", { ...PLAIN, deletes: "delete-wins" }],
    ["no names and no types", { ...PLAIN, names: {}, types: {} }],
    ["as many paths as there may be", { ...PLAIN, types: { package: manyPaths(256, 99) } }],
  ])("may have %s", (_what, json) => {
    expect(parsePolicy(json)).toEqual({ policy: json, hash: sha256Hex(canonicalize(json)) });
  });

  test.each<[string, Json, string]>([
    ["", null, "expected object"],
    ["", { ...PLAIN, colour: 1 }, "colour"],
    ["/default", { deletes: "edit-wins", names: {}, types: {} }, '"newest" or'],
    ["/default", { ...PLAIN, default: "set" }, '"newest" or'],
    ["/default", { ...PLAIN, default: { priority: [ONE], also: 1 } }, "also"],
    ["/default/priority", { ...PLAIN, default: { priority: ONE } }, "a list of instance ids"],
    ["/default/priority", { ...PLAIN, default: { priority: [] } }, "at least one"],
    ["/default/priority", { ...PLAIN, default: { priority: [ONE, ONE] } }, "each instance id once"],
    ["/default/priority/1", { ...PLAIN, default: { priority: [ONE, "tokyo"] } }, "UUID"],
    ["/deletes", { ...PLAIN, deletes: "newest" }, '"edit-wins" or "delete-wins"'],
    ["/names", { ...PLAIN, names: ["tag"] }, "expected a map"],
    ["/names/tag", { ...PLAIN, names: { tag: "both" } }, '"suffix" or "alias"'],
    ["/names/user", { ...PLAIN, names: { user: "alias" } }, "two people are never one"],
    ["/names/My Type", { ...PLAIN, names: { "My Type": "alias" } }, "a type's name as key"],
    ["/types/package", { ...PLAIN, types: { package: "text" } }, "expected a map"],
    ["/types/package/notes", at("notes", "text"), "a path such as"],
    ["/types/package/", at("", "text"), "a path such as"],
    ["/types/package/~1notes", at("/notes", "longest"), '"newest", "set", "text" or'],
    ["/types/package/~1notes/priority/0", at("/notes", { priority: [7] }), "UUID"],
    ["/types/package", { ...PLAIN, types: { package: manyPaths(257, 9) } }, "at most 256 keys"],
    ["", { ...PLAIN, types: { package: manyPaths(256, 200) } }, "at most 32768 bytes"],
  ])("is refused with where it does not fit: %s", (where, json, expected) => {
    const found = (() => {
      try {
        return parsePolicy(json);
      } catch (error) {
        return error;
      }
    })();
    if (!isSynclineError(found, "INVALID_POLICY")) throw found;
    expect(found.where ?? "").toBe(where);
    expect(found.message).toContain(expected);
    expect(found.hint).toMatch(/policy show|fewer paths/);
  });
});
