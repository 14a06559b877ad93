import { canonicalize } from "../../src/base/canonical.ts";
import type { Json } from "../../src/base/json.ts";
import {
  AUTHOR_CHARS_MAX,
  MESSAGE_CHARS_MAX,
  PARENTS_MAX,
  RECORD_BYTES_MAX,
} from "../../src/base/limits.ts";
import {
  CHANGE,
  CHANGESET,
  caseOf,
  type Fields,
  type HostileCase,
  PURGE,
  recordBytes,
  recordWithRaw,
  uuid,
} from "./case.ts";

const record = caseOf.bind(undefined, "record");
const CANONICAL = canonicalize(CHANGE);

function write(value: string): string {
  return `[{"op":"add","path":"/a","value":${value}}]`;
}

const bytes: readonly HostileCase[] = [
  record("over the limit", "INPUT_TOO_LARGE", () => Buffer.alloc(RECORD_BYTES_MAX + 1, 0x20)),
  record("10 MB string", "INPUT_TOO_LARGE", () =>
    recordWithRaw("patch", write(`"${"x".repeat(10_000_000)}"`)),
  ),
  record("1,000,000 writes", "INPUT_TOO_LARGE", () => {
    const writes = Array.from({ length: 1e6 }, (_, i) => `{"op":"remove","path":"/${i + 1e6}"}`);
    return recordWithRaw("patch", `[${writes.join(",")}]`);
  }),
  record("5,000,000 open brackets", "TOO_DEEP", () => "[".repeat(5_000_000)),
  record("deep value", "TOO_DEEP", () =>
    recordWithRaw("patch", write("[".repeat(62) + "]".repeat(62))),
  ),
  record("invalid UTF-8", "INVALID_UTF8", Buffer.from([0x7b, 0xc3, 0x28, 0x7d])),
  record("byte order mark", "INVALID_JSON", `\uFEFF${CANONICAL}`),
  record("nothing", "INVALID_JSON", ""),
  record("cut", "INVALID_JSON", CANONICAL.slice(0, -1)),
  record("NUL at the end", "INVALID_JSON", `${CANONICAL}\0`),
  record("line end at the end", "NOT_CANONICAL", `${CANONICAL}\n`),
  record("space at the start", "NOT_CANONICAL", ` ${CANONICAL}`),
  record("space after a colon", "NOT_CANONICAL", CANONICAL.replace('"v":', '"v": ')),
  record("indented", "NOT_CANONICAL", JSON.stringify(CHANGE, undefined, 2)),
  record("keys unsorted", "NOT_CANONICAL", JSON.stringify(CHANGE)),
  record("inner keys unsorted", "NOT_CANONICAL", recordWithRaw("patch", write('{"b":1,"a":1}'))),
  record("integer-like keys in order of number", "NOT_CANONICAL", () =>
    recordWithRaw("patch", write('{"9":1,"10":1}')),
  ),
  record("keys sorted by code point", "NOT_CANONICAL", () =>
    // Code units sort U+1F600 (D83D DE00) before U+FF21; code points the other way round.
    recordWithRaw("patch", write('{"\uFF21":1,"\u{1F600}":1}')),
  ),
  record("needless escape", "NOT_CANONICAL", recordWithRaw("patch", write('"\\u0041"'))),
  record("escaped slash", "NOT_CANONICAL", recordWithRaw("patch", write('"a\\/b"'))),
  record("escape in upper case", "NOT_CANONICAL", recordWithRaw("patch", write('"\\u001F"'))),
  record("long escape of a line end", "NOT_CANONICAL", recordWithRaw("patch", write('"\\u000a"'))),
  record("duplicate key", "DUPLICATE_KEY", `${CANONICAL.slice(0, -1)},"v":1}`),
  record("duplicate key, escaped", "DUPLICATE_KEY", () =>
    recordWithRaw("patch", write('{"a":1,"\\u0061":1}')),
  ),
  record("__proto__", "FORBIDDEN_KEY", recordWithRaw("patch", write('{"__proto__":{"x":1}}'))),
  record("constructor in a list", "FORBIDDEN_KEY", () =>
    recordWithRaw("patch", write('[{"constructor":{"prototype":{"x":1}}}]')),
  ),
  record("__proto__ as a field", "FORBIDDEN_KEY", `{"__proto__":{},${CANONICAL.slice(1)}`),
  record("lone surrogate", "LONE_SURROGATE", recordWithRaw("patch", write('"\\ud800"'))),
  record("lone surrogate in a key", "LONE_SURROGATE", () =>
    recordWithRaw("patch", write('{"\\udfff":1}')),
  ),
];

const numbers: readonly HostileCase[] = [
  ["2^53", "UNSAFE_NUMBER", "9007199254740992"] as const,
  ["1e400", "UNSAFE_NUMBER", "1e400"] as const,
  ["1e+21", "UNSAFE_NUMBER", "1e+21"] as const,
  ["-0", "NOT_CANONICAL", "-0"] as const,
  ["1.0", "NOT_CANONICAL", "1.0"] as const,
  ["1e2", "NOT_CANONICAL", "1e2"] as const,
  ["0.10", "NOT_CANONICAL", "0.10"] as const,
  ["1E-7", "NOT_CANONICAL", "1E-7"] as const,
  ["more digits than a double", "NOT_CANONICAL", "0.1000000000000000055511151231257827"] as const,
  ["leading zero", "INVALID_JSON", "01"] as const,
].map(([name, code, raw]) =>
  record(`number ${name}`, code, () => recordWithRaw("patch", write(raw))),
);

function invalid(name: string, base: typeof CHANGE, fields: Fields): HostileCase {
  return record(name, "INVALID_RECORD", () => recordBytes(base, fields));
}

/** Each field of each kind of record once missing, and once with each value of a wrong type. */
function wrongFields(kind: string, base: typeof CHANGE): readonly HostileCase[] {
  const wrong: readonly Json[] = [null, true, -1, 1.5, "x\u0000", [1], { a: 1 }];
  return Object.keys(base).flatMap((field) => [
    invalid(`${kind} without ${field}`, base, { [field]: undefined }),
    ...wrong
      .filter((value) => !fits(field, value))
      .map((value) =>
        invalid(`${kind} with ${field} ${JSON.stringify(value)}`, base, { [field]: value }),
      ),
  ]);
}

/** What is allowed in that field, or is left to the check of the patch. */
function fits(field: string, value: Json): boolean {
  if (field === "patch") return Array.isArray(value);
  return ["author", "message", "reason"].includes(field) && typeof value === "string";
}

const many = Array.from({ length: PARENTS_MAX + 1 }, (_, i) => uuid(i + 1000));
const pin = { path: "/notes", value: "x", of: [uuid(10)] };

const fields: readonly HostileCase[] = [
  record("a list", "INVALID_RECORD", "[]"),
  record("null", "INVALID_RECORD", "null"),
  record("empty map", "INVALID_RECORD", "{}"),
  record("only a version", "INVALID_RECORD", '{"v":1}'),
  invalid("newer version", CHANGE, { v: 2 }),
  invalid("version as text", CHANGE, { v: "1" }),
  invalid("extra field in a revision", CHANGE, { extra: 1 }),
  invalid("extra field in a changeset", CHANGESET, { seq: 1 }),
  invalid("extra field in a purge", PURGE, { type: "package" }),
  invalid("half changeset, half purge", CHANGESET, { reason: "x" }),
  invalid("id in upper case", CHANGE, { id: "00000000-0000-7000-8000-0000000000AB" }),
  invalid("id in braces", CHANGE, { id: `{${uuid(1)}}` }),
  invalid("id without dashes", CHANGE, { id: uuid(1).replaceAll("-", "") }),
  invalid("id with a line end", CHANGE, { id: `${uuid(1)}\n` }),
  invalid("actor without epoch", CHANGE, { actor: uuid(1) }),
  invalid("actor of three parts", CHANGE, { actor: `${uuid(1)}/${uuid(2)}/${uuid(3)}` }),
  invalid("seq 0", CHANGE, { seq: 0 }),
  invalid("hlc 0", CHANGE, { hlc: 0 }),
  invalid("schema 0", CHANGE, { schema: 0 }),
  invalid("algorithm 0", CHANGE, { algorithm: 0 }),
  invalid("type empty", CHANGE, { type: "" }),
  invalid("type in upper case", CHANGE, { type: "Package" }),
  invalid("type with a path", CHANGE, { type: "../package" }),
  invalid("type too long", CHANGE, { type: "a".repeat(65) }),
  invalid("bodyHash in upper case", CHANGE, { bodyHash: "AB".repeat(32) }),
  invalid("bodyHash too short", CHANGE, { bodyHash: "ab".repeat(31) }),
  invalid("parents unsorted", CHANGE, { parents: [uuid(11), uuid(10)] }),
  invalid("parents twice", CHANGE, { parents: [uuid(10), uuid(10)] }),
  invalid("its own parent", CHANGE, { parents: [uuid(10), uuid(100)] }),
  invalid("too many parents", CHANGE, { parents: many }),
  invalid("pins empty", CHANGE, { pins: [] }),
  invalid("pins null", CHANGE, { pins: null }),
  invalid("pin is text", CHANGE, { pins: ["/a"] }),
  invalid("pin without path", CHANGE, { pins: [{ of: [uuid(10)] }] }),
  invalid("pins unsorted", CHANGE, { pins: [pin, { ...pin, path: "/author" }] }),
  invalid("pins twice", CHANGE, { pins: [pin, pin] }),
  invalid("resolves empty", CHANGE, { resolves: [] }),
  invalid("resolves unsorted", CHANGE, { resolves: [uuid(2), uuid(1)] }),
  invalid("resolves no UUID", CHANGE, { resolves: ["all"] }),
  invalid("author too long", CHANGESET, { author: "a".repeat(AUTHOR_CHARS_MAX + 1) }),
  invalid("message too long", CHANGESET, { message: "a".repeat(MESSAGE_CHARS_MAX + 1) }),
  invalid("reason too long", PURGE, { reason: "a".repeat(MESSAGE_CHARS_MAX + 1) }),
];

/** Bytes that must not be taken as a record. */
export const RECORD_CASES: readonly HostileCase[] = [
  ...bytes,
  ...numbers,
  ...fields,
  ...wrongFields("revision", CHANGE),
  ...wrongFields("changeset", CHANGESET),
  ...wrongFields("purge", PURGE),
];
