import type { ErrorCode } from "../../src/base/error-codes.ts";
import type { Json } from "../../src/base/json.ts";
import { caseOf, type HostileCase } from "./case.ts";

function user(name: string, code: ErrorCode, patch: Json | (() => Json)): HostileCase {
  return caseOf("user-patch", name, code, () =>
    JSON.stringify(typeof patch === "function" ? patch() : patch),
  );
}

const add = (path: string, value: Json = 1): Json => ({ op: "add", path, value });
const copy = (from: string, path: string): Json => ({ op: "copy", from, path });
const move = (from: string, path: string): Json => ({ op: "move", from, path });
const test = (path: string, value: Json): Json => ({ op: "test", path, value });

function repeat(count: number, make: (i: number) => readonly Json[]): readonly Json[] {
  return Array.from({ length: count }, (_, i) => make(i)).flat();
}

const big = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, "x".repeat(50)]));

const forms: readonly HostileCase[] = [
  user("a map", "INVALID_PATCH", { op: "add", path: "/a", value: 1 }),
  user("null", "INVALID_PATCH", null),
  user("op null", "INVALID_PATCH", [null]),
  user("op unknown", "INVALID_PATCH", [{ op: "merge", path: "/a", value: 1 }]),
  user("op __proto__", "INVALID_PATCH", [{ op: "__proto__", path: "/a", value: 1 }]),
  user("op _get", "INVALID_PATCH", [{ op: "_get", path: "/a" }]),
  user("op missing", "INVALID_PATCH", [{ path: "/a", value: 1 }]),
  user("path missing", "INVALID_PATCH", [{ op: "add", value: 1 }]),
  user("from missing", "INVALID_PATCH", [{ op: "copy", path: "/a" }]),
  user("value missing", "INVALID_PATCH", [{ op: "replace", path: "/title" }]),
  user("1,000,000 operations", "INVALID_PATCH", () => new Array(1_000_000).fill(1)),
];

const paths: readonly HostileCase[] = [
  user("__proto__ in a path", "FORBIDDEN_KEY", [add("/__proto__/polluted")]),
  user("constructor in a path", "FORBIDDEN_KEY", [add("/constructor/prototype/polluted")]),
  user("__proto__ in from", "FORBIDDEN_KEY", [copy("/__proto__", "/a")]),
  user("flag in a path", "FORBIDDEN_KEY", [add("/@deleted", true)]),
  user("flag in a value", "FORBIDDEN_KEY", [add("/r", { "@deleted": true })]),
  user("no slash", "INVALID_POINTER", [add("title")]),
  user("bad escape", "INVALID_POINTER", [add("/a~3")]),
  user("giant pointer", "INVALID_POINTER", () => [add("/a".repeat(100_000))]),
  user("deep pointer", "TOO_DEEP", () => [add("/a".repeat(100))]),
  user("list index", "ARRAY_INDEX_PATH", [{ op: "replace", path: "/spatial/0", value: 1 }]),
  user("deep list index", "ARRAY_INDEX_PATH", [{ op: "remove", path: "/spatial/0/1" }]),
  user("list end", "ARRAY_INDEX_PATH", [add("/spatial/-", 1)]),
  user("list length", "ARRAY_INDEX_PATH", [test("/spatial/length", 2)]),
  user("list index in from", "ARRAY_INDEX_PATH", [move("/spatial/0", "/a")]),
  user("list end of a map", "ARRAY_INDEX_PATH", [add("/tags/-", "water")]),
];

const application: readonly HostileCase[] = [
  user("remove of nothing", "INVALID_PATCH", [{ op: "remove", path: "/nothing" }]),
  user("replace of nothing", "INVALID_PATCH", [{ op: "replace", path: "/nothing", value: 1 }]),
  user("position in a map", "INVALID_PATCH", [{ op: "remove", path: "/tags/0" }]),
  user("move of nothing", "INVALID_PATCH", [move("/nothing", "/a")]),
  user("copy of an inherited member", "INVALID_PATCH", [copy("/toString", "/a")]),
  user("add below text", "INVALID_PATCH", [add("/title/0")]),
  user("add below nothing", "INVALID_PATCH", [add("/a/b/c")]),
  user("move into itself", "INVALID_PATCH", [move("/extras", "/extras/inner")]),
  user("test fails", "INVALID_PATCH", [test("/title", "Lakes")]),
  user("test of nothing", "INVALID_PATCH", [test("/nothing", null)]),
  user("test of a map fails", "INVALID_PATCH", [test("/extras", { area: "12" })]),
  user("document becomes text", "INVALID_PATCH", [{ op: "replace", path: "", value: "x" }]),
  user("document becomes a list", "INVALID_PATCH", [copy("/spatial", "")]),
  user("document removed", "INVALID_PATCH", [{ op: "remove", path: "" }]),
];

const bombs: readonly HostileCase[] = [
  user("copy bomb", "INPUT_TOO_LARGE", () => [
    add("/a", { x: "0123456789".repeat(100) }),
    ...repeat(40, (i) => [copy("/a", `/a/c${i}`)]),
  ]),
  user("copy of the whole, again and again", "INPUT_TOO_LARGE", () =>
    repeat(60, (i) => [copy("", `/c${i}`)]),
  ),
  user("copies side by side", "INPUT_TOO_LARGE", () => [
    add("/a", big),
    ...repeat(9000, (i) => [copy("/a", `/c${i}`)]),
  ]),
  user("copies over each other", "INPUT_TOO_LARGE", () => [
    add("/a", big),
    ...repeat(9000, () => [copy("/a", "/b")]),
  ]),
  user("moves to and fro", "INPUT_TOO_LARGE", () => [
    add("/a", big),
    ...repeat(4500, () => [move("/a", "/b"), move("/b", "/a")]),
  ]),
  user("moves ever deeper", "TOO_DEEP", () =>
    repeat(3000, () => [add("/w", {}), move("/extras", "/w/e"), move("/w", "/extras")]),
  ),
  user("tests of a large map, the last one wrong", "INVALID_PATCH", () => [
    add("/a", big),
    ...repeat(10, () => [test("/a", big)]),
    test("/a", { ...big, k4999: "y" }),
  ]),
  user("result over the size limit", "INPUT_TOO_LARGE", () => [
    add("/notes", "x".repeat(2 * 1024 * 1024)),
  ]),
];

/** Patches that must not be applied to `VISIBLE_DOCUMENT`. */
export const USER_PATCH_CASES: readonly HostileCase[] = [
  ...forms,
  ...paths,
  ...application,
  ...bombs,
];
