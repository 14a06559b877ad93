import type { ErrorCode } from "../../src/base/error-codes.ts";
import type { Json } from "../../src/base/json.ts";
import { DOCUMENT_BYTES_MAX, PATCH_LEAVES_MAX } from "../../src/base/limits.ts";
import { CHANGE, caseOf, type Fields, type HostileCase, recordBytes, uuid } from "./case.ts";

function patch(name: string, code: ErrorCode, writes: Json | (() => Json)): HostileCase {
  const make = (): Json => (typeof writes === "function" ? writes() : writes);
  return caseOf("patch", name, code, () => recordBytes(CHANGE, { patch: make() }));
}

function creation(name: string, code: ErrorCode, writes: Json, fields: Fields = {}): HostileCase {
  const make = (): Uint8Array => recordBytes(CHANGE, { parents: [], patch: writes, ...fields });
  return caseOf("patch", `creation ${name}`, code, make);
}

function pins(name: string, code: ErrorCode, ...list: readonly Json[]): HostileCase {
  return caseOf("patch", `pin ${name}`, code, () => recordBytes(CHANGE, { pins: list }));
}

const add = (path: string, value: Json = 1): Json => ({ op: "add", path, value });
const replace = (path: string, value: Json = 1): Json => ({ op: "replace", path, value });
const remove = (path: string): Json => ({ op: "remove", path });

function nested(levels: number, leaf: Json): Json {
  return levels === 0 ? leaf : { a: nested(levels - 1, leaf) };
}

/** A map of maps with so many leaves. */
function wide(count: number): Json {
  const members = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, 1]));
  const maps = Array.from({ length: Math.floor(count / 1000) }, (_, i) => [`m${i}`, members]);
  return {
    ...Object.fromEntries(maps),
    ...Object.fromEntries(Array.from({ length: count % 1000 }, (_, i) => [`k${i}`, 1])),
  };
}

const forms: readonly HostileCase[] = [
  patch("empty", "EMPTY_PATCH", []),
  patch("op null", "INVALID_PATCH", [null]),
  patch("op a list", "INVALID_PATCH", [["add", "/a", 1]]),
  patch("op missing", "INVALID_PATCH", [{ path: "/a", value: 1 }]),
  patch("op move", "INVALID_PATCH", [{ op: "move", from: "/b", path: "/a" }]),
  patch("op copy", "INVALID_PATCH", [{ op: "copy", from: "/b", path: "/a" }]),
  patch("op test", "INVALID_PATCH", [{ op: "test", path: "/a", value: 1 }]),
  patch("op toString", "INVALID_PATCH", [{ op: "toString", path: "/a", value: 1 }]),
  patch("path missing", "INVALID_PATCH", [{ op: "add", value: 1 }]),
  patch("path a number", "INVALID_PATCH", [{ op: "add", path: 1, value: 1 }]),
  patch("add without value", "INVALID_PATCH", [{ op: "add", path: "/a" }]),
  patch("remove with value", "INVALID_PATCH", [{ op: "remove", path: "/a", value: 1 }]),
  patch("extra field", "INVALID_PATCH", [{ op: "add", path: "/a", value: 1, from: "/b" }]),
];

const paths: readonly HostileCase[] = [
  patch("root", "INVALID_PATCH", [add("", { a: 1 })]),
  patch("root removed", "INVALID_PATCH", [remove("")]),
  patch("no slash", "INVALID_POINTER", [add("a")]),
  patch("bad escape", "INVALID_POINTER", [add("/a~2")]),
  patch("tilde at the end", "INVALID_POINTER", [add("/a~")]),
  patch("giant pointer", "INVALID_POINTER", () => [add(`/${"a/".repeat(1_000_000)}b`)]),
  patch("long pointer", "INVALID_POINTER", () => [add("/abcdefgh".repeat(456))]),
  patch("long pointer through the value", "INVALID_POINTER", () => [
    add(`/${"a".repeat(1000)}/${"b".repeat(1000)}`, {
      ["c".repeat(1000)]: { ["d".repeat(1000)]: { ["e".repeat(100)]: 1 } },
    }),
  ]),
  patch("long key", "INVALID_POINTER", () => [add(`/${"a".repeat(1025)}`)]),
  patch("deep pointer", "TOO_DEEP", () => [add("/a".repeat(62))]),
  patch("deep pointer with a deep value", "TOO_DEEP", () => [add("/a".repeat(40), nested(22, 1))]),
  patch("deep pointer with a deep list", "TOO_DEEP", () => [add("/a".repeat(60), [[1]])]),
  patch("__proto__ in a pointer", "FORBIDDEN_KEY", [add("/__proto__/polluted")]),
  patch("constructor in a pointer", "FORBIDDEN_KEY", [add("/constructor/prototype/polluted")]),
  patch("prototype removed", "FORBIDDEN_KEY", [remove("/a/prototype")]),
  patch("unsorted", "INVALID_PATCH", [add("/b"), add("/a")]),
  patch("sorted by key, not by path", "INVALID_PATCH", [add("/a/b"), add("/a-b")]),
  patch("one path twice", "INVALID_PATCH", [add("/a"), add("/a")]),
  patch("add and remove of one path", "INVALID_PATCH", [add("/a"), remove("/a")]),
];

const values: readonly HostileCase[] = [
  patch("replace by a map", "INVALID_PATCH", [replace("/a", { b: 1 })]),
  patch("replace by an empty map", "INVALID_PATCH", [replace("/a", {})]),
  patch("add of an empty map", "EMPTY_MAP", [add("/a", {})]),
  patch("add of a map with an empty map", "EMPTY_MAP", [add("/a", { b: { c: {} }, d: 1 })]),
  patch("value at and below", "CLASHING_WRITES", [add("/a"), add("/a/b")]),
  patch("value far below", "CLASHING_WRITES", [add("/a"), add("/a-"), add("/a/b/c/d")]),
  patch("list and a value below", "CLASHING_WRITES", [replace("/a", [1]), add("/a/0")]),
  patch("leaf of a map twice", "CLASHING_WRITES", [add("/a", { b: 1 }), add("/a/b")]),
  patch("leaf of a map removed", "CLASHING_WRITES", [add("/a", { b: 1 }), remove("/a/b")]),
  patch("value over a map's map", "CLASHING_WRITES", [add("/a", { b: { c: 1 } }), add("/a/b")]),
  patch("map over a map's map", "CLASHING_WRITES", [
    add("/a", { b: { c: 1 } }),
    add("/a/b", { d: 1 }),
  ]),
  patch("map's map removed", "CLASHING_WRITES", [add("/a", { b: { c: 1 } }), remove("/a/b")]),
  patch("value below a map's leaf", "CLASHING_WRITES", [add("/a", { b: 1 }), add("/a/b/c")]),
  patch("map below a map's leaf", "CLASHING_WRITES", [
    add("/a", { b: 1 }),
    add("/a/b/c", { d: 1 }),
  ]),
  patch("too many leaves", "INVALID_PATCH", () => [add("/a", wide(PATCH_LEAVES_MAX + 1))]),
  patch("flag false", "INVALID_PATCH", [add("/@deleted", false)]),
  patch("flag as text", "INVALID_PATCH", [add("/resources/r/@deleted", "true")]),
  patch("flag as a list", "INVALID_PATCH", [replace("/@deleted", [true])]),
  patch("flag as a map", "INVALID_PATCH", [add("/@deleted", { a: true })]),
  patch("path below a flag", "INVALID_PATCH", [add("/@deleted/a", true)]),
  patch("removal below a flag", "INVALID_PATCH", [remove("/@deleted/@deleted")]),
  patch("flag false inside a map", "INVALID_PATCH", [add("/r", { "@deleted": false, a: 1 })]),
  patch("map in a flag inside a map", "INVALID_PATCH", [add("/r", { "@deleted": { b: true } })]),
];

const creations: readonly HostileCase[] = [
  creation("without a write", "INVALID_PATCH", []),
  creation("of leaves", "INVALID_PATCH", [add("/a")]),
  creation("of two writes", "INVALID_PATCH", [add("", { a: 1 }), add("/b")]),
  creation("by replace", "INVALID_PATCH", [replace("", { a: 1 })]),
  creation("by remove", "INVALID_PATCH", [remove("")]),
  creation("of a list", "INVALID_PATCH", [add("", [1])]),
  creation("of text", "INVALID_PATCH", [add("", "x")]),
  creation("of nothing", "EMPTY_MAP", [add("", {})]),
  creation("with an empty map", "EMPTY_MAP", [add("", { name: "a", tags: {} })]),
  creation("that resolves only", "INVALID_PATCH", [], { resolves: [uuid(1)] }),
  creation("with pins", "INVALID_PIN", [add("", { a: 1 })], {
    pins: [{ path: "/b", value: 1, of: [uuid(10)] }],
  }),
  creation("over the size limit", "INPUT_TOO_LARGE", [
    add("", { notes: "x".repeat(DOCUMENT_BYTES_MAX) }),
  ]),
];

const of = [uuid(10)];
const badPins: readonly HostileCase[] = [
  pins("of nothing", "INVALID_PIN", { path: "/notes", value: 1, of: [] }),
  pins("without of", "INVALID_PIN", { path: "/notes", value: 1 }),
  pins("of text", "INVALID_PIN", { path: "/notes", value: 1, of: uuid(10) }),
  pins("of no UUID", "INVALID_PIN", { path: "/notes", value: 1, of: ["x"] }),
  pins("of unsorted ids", "INVALID_PIN", { path: "/notes", value: 1, of: [uuid(11), uuid(10)] }),
  pins("of one id twice", "INVALID_PIN", { path: "/notes", value: 1, of: [uuid(10), uuid(10)] }),
  pins("of itself", "INVALID_PIN", { path: "/notes", value: 1, of: [uuid(100)] }),
  pins("merged false", "INVALID_PIN", { path: "/notes", value: 1, of, merged: false }),
  pins("with an extra field", "INVALID_PIN", { path: "/notes", value: 1, of, by: "me" }),
  pins("of a map", "INVALID_PIN", { path: "/notes", value: { a: 1 }, of }),
  pins("at the root", "INVALID_PIN", { path: "", of }),
  pins("at a written path", "INVALID_PIN", { path: "/title", value: 1, of }),
  pins("at no pointer", "INVALID_POINTER", { path: "notes", value: 1, of }),
  pins("at __proto__", "FORBIDDEN_KEY", { path: "/__proto__", value: 1, of }),
  pins("of a false flag", "INVALID_PATCH", { path: "/@deleted", value: false, of }),
  caseOf("patch", "pin at a leaf of an added map", "INVALID_PIN", () =>
    recordBytes(CHANGE, {
      patch: [add("/r", { a: { b: 1 } })],
      pins: [{ path: "/r/a/b", value: 1, of }],
    }),
  ),
  caseOf("patch", "pin at a removed path", "INVALID_PIN", () =>
    recordBytes(CHANGE, { patch: [remove("/r/a")], pins: [{ path: "/r/a", of }] }),
  ),
  caseOf("patch", "pins and no write", "EMPTY_PATCH", () =>
    recordBytes(CHANGE, { patch: [], pins: [{ path: "/a", of }] }),
  ),
];

/** Records in good form whose patch or pins must be refused. */
export const PATCH_CASES: readonly HostileCase[] = [
  ...forms,
  ...paths,
  ...values,
  ...creations,
  ...badPins,
];
