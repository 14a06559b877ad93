import { IMPORT_LINE_BYTES_MAX, KEY_CHARS_MAX } from "../../src/base/limits.ts";
import { caseOf, type HostileCase } from "./case.ts";

const MIB = 1024 * 1024;

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}

const json = caseOf.bind(undefined, "json");

const size: readonly HostileCase[] = [
  json("5,000,000 open brackets", "TOO_DEEP", () => "[".repeat(5_000_000)),
  json("5,000,000 nested lists", "TOO_DEEP", () => "[".repeat(5e6) + "]".repeat(5e6)),
  json("1,000,000 nested maps", "TOO_DEEP", () => '{"a":'.repeat(1e6)),
  json("65 lists", "TOO_DEEP", () => "[".repeat(65) + "]".repeat(65)),
  json("65 levels behind a quote", "TOO_DEEP", () => `["\\\\",${"[".repeat(64)}`),
  json("10 MB string never closed", "INVALID_JSON", () => `"${"x".repeat(10 * MIB)}`),
  json("4 MB of backslashes", "INVALID_JSON", () => `"${"\\".repeat(4 * MIB)}`),
  json("4 MB of digits", "UNSAFE_NUMBER", () => "9".repeat(4 * MIB)),
  json("4 MB of white space", "INVALID_JSON", () => " ".repeat(4 * MIB)),
  json("4 MB of line ends before the fault", "INVALID_JSON", () => `${"\n".repeat(4 * MIB)}x`),
  json("10 MB, last byte wrong", "INVALID_UTF8", () => bytes(`"${"€".repeat(3 * MIB)}`, [0xff])),
  json("over the limit", "INPUT_TOO_LARGE", () => `"${"x".repeat(IMPORT_LINE_BYTES_MAX)}"`),
  json("giant key", "INPUT_TOO_LARGE", () => `{"${"k".repeat(KEY_CHARS_MAX + 1)}":1}`),
  json("10 MB key", "INPUT_TOO_LARGE", () => `{"${"k".repeat(10 * MIB)}":1}`),
];

const keys: readonly HostileCase[] = [
  json("duplicate key", "DUPLICATE_KEY", '{"a":1,"a":2}'),
  json("duplicate key, same value", "DUPLICATE_KEY", '{"a":1,"a":1}'),
  json("duplicate key, escaped", "DUPLICATE_KEY", '{"a":1,"\\u0061":2}'),
  json("duplicate key, escaped slash", "DUPLICATE_KEY", '{"a/b":1,"a\\/b":2}'),
  json("duplicate key, deep", "DUPLICATE_KEY", '[[{"x":[{"y":{"a":{},"b":1,"a":[]}}]}]]'),
  json("duplicate key, thrice", "DUPLICATE_KEY", '{"a":1,"b":1,"a":2,"a":3}'),
  json("duplicate empty key", "DUPLICATE_KEY", '{"":1,"":2}'),
  json("duplicate key with a colon", "DUPLICATE_KEY", '{"a:b":":","a:b":1}'),
  json("duplicate integer-like key", "DUPLICATE_KEY", '{"1":1,"2":2,"1":3}'),
  json("__proto__", "FORBIDDEN_KEY", '{"__proto__":{"polluted":true}}'),
  json("__proto__ escaped", "FORBIDDEN_KEY", '{"\\u005f_proto__":{"polluted":true}}'),
  json("__proto__ twice", "FORBIDDEN_KEY", '{"__proto__":{"polluted":true},"__proto__":1}'),
  json("__proto__ deep", "FORBIDDEN_KEY", '{"a":[{"b":{"__proto__":{"polluted":true}}}]}'),
  json("constructor", "FORBIDDEN_KEY", '{"constructor":{"prototype":{"polluted":true}}}'),
  json("prototype", "FORBIDDEN_KEY", '[{"prototype":null}]'),
];

const text: readonly HostileCase[] = [
  json("lone high surrogate in a value", "LONE_SURROGATE", '["\\ud800"]'),
  json("lone low surrogate in a value", "LONE_SURROGATE", '["\\uDC00"]'),
  json("swapped pair", "LONE_SURROGATE", '["\\udc00\\ud800"]'),
  json("high surrogate before a letter", "LONE_SURROGATE", '"\\uD83Dx"'),
  json("lone surrogate in a key", "LONE_SURROGATE", '{"\\uDEAD":1}'),
  json("lone surrogate in a deep key", "LONE_SURROGATE", '[{"a":{"x\\ud800":[]}}]'),
  json("overlong slash", "INVALID_UTF8", bytes('"', [0xc0, 0xaf], '"')),
  json("overlong NUL", "INVALID_UTF8", bytes('"', [0xc0, 0x80], '"')),
  json("overlong of three bytes", "INVALID_UTF8", bytes('"', [0xe0, 0x80, 0xaf], '"')),
  json("surrogate as bytes", "INVALID_UTF8", bytes('"', [0xed, 0xa0, 0x80], '"')),
  json("beyond U+10FFFF", "INVALID_UTF8", bytes('"', [0xf4, 0x90, 0x80, 0x80], '"')),
  json("cut character", "INVALID_UTF8", bytes('"', [0xe2, 0x82])),
  json("lone continuation byte", "INVALID_UTF8", bytes('"', [0x80], '"')),
  json("Latin-1", "INVALID_UTF8", bytes('"Z', [0xfc], 'rich"')),
  json("UTF-16 with mark", "INVALID_UTF8", bytes([0xff, 0xfe, 0x7b, 0, 0x7d, 0])),
  json("UTF-16 without mark", "INVALID_JSON", bytes([0x7b, 0, 0x7d, 0])),
  json("byte order mark", "INVALID_JSON", bytes([0xef, 0xbb, 0xbf], "{}")),
  json("NUL at the end", "INVALID_JSON", "{}\0"),
  json("NUL in a string", "INVALID_JSON", '"a\0b"'),
  json("line end in a string", "INVALID_JSON", '"a\nb"'),
  json("tab in a string", "INVALID_JSON", '{"a\tb":1}'),
  json("unknown escape", "INVALID_JSON", '"\\x41"'),
  json("cut escape", "INVALID_JSON", '"\\u00"'),
  json("no-break space", "INVALID_JSON", "{\u00a0}"),
];

const grammar: readonly HostileCase[] = [
  json("nothing", "INVALID_JSON", ""),
  json("two documents", "INVALID_JSON", "{}{}"),
  json("trailing comma", "INVALID_JSON", '{"a":1,}'),
  json("trailing comma in a list", "INVALID_JSON", "[1,]"),
  json("mixed brackets", "INVALID_JSON", '{"a":[1}'),
  json("colon outside a map", "INVALID_JSON", '["a":1]'),
  json("comment", "INVALID_JSON", "{} // ok"),
  json("single quotes", "INVALID_JSON", "{'a':1}"),
  json("bare key", "INVALID_JSON", "{a:1}"),
  json("cut word", "INVALID_JSON", "[tru]"),
  json("Python's None", "INVALID_JSON", '{"a":None}'),
  json("cut document", "INVALID_JSON", '{"a":{"b":[1,2'),
];

const numbers: readonly HostileCase[] = [
  json("2^53", "UNSAFE_NUMBER", "9007199254740992"),
  json("2^53+1", "UNSAFE_NUMBER", '{"a":9007199254740993}'),
  json("-2^53", "UNSAFE_NUMBER", "[-9007199254740992]"),
  json("2^63", "UNSAFE_NUMBER", '{"id":9223372036854775808}'),
  json("1e400", "UNSAFE_NUMBER", "[1e400]"),
  json("-1e400", "UNSAFE_NUMBER", "[-1e400]"),
  json("1e16", "UNSAFE_NUMBER", "1e16"),
  json("2^53 with a fraction", "UNSAFE_NUMBER", "9007199254740992.0"),
  json("huge exponent", "UNSAFE_NUMBER", `1e${"9".repeat(400)}`),
  json("NaN", "INVALID_JSON", "[NaN]"),
  json("Infinity", "INVALID_JSON", "[-Infinity]"),
  json("leading zero", "INVALID_JSON", "[01]"),
  json("leading plus", "INVALID_JSON", "[+1]"),
  json("hexadecimal", "INVALID_JSON", "[0x10]"),
  json("no digit after the point", "INVALID_JSON", "[1.]"),
  json("no digit before the point", "INVALID_JSON", "[.5]"),
  json("empty exponent", "INVALID_JSON", "[1e]"),
];

/** Inputs that no way in may take as JSON. */
export const JSON_CASES: readonly HostileCase[] = [
  ...size,
  ...keys,
  ...text,
  ...grammar,
  ...numbers,
];
