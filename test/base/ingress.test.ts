// Proves that the validator takes exactly the JSON it should: canonical bytes on the record path,
// and elsewhere what JSON.parse takes, with the place of each fault.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import { isSynclineError, type SynclineError } from "../../src/base/errors.ts";
import { parseCanonical } from "../../src/base/ingress/parse-canonical.ts";
import { parseJson } from "../../src/base/ingress/parse-json.ts";
import { scanDepth } from "../../src/base/ingress/scan-depth.ts";
import type { Json } from "../../src/base/json.ts";
import { json, jsonObject, text } from "./json-arbitrary.ts";

const options = { bytesMax: 1_000_000 };

function refusal(run: () => unknown): SynclineError {
  try {
    run();
  } catch (error) {
    if (isSynclineError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** Canonical text by another way: keys sorted before they are put into a Map-like list. */
function printSorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => printSorted(item as Json)).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${printSorted(item as Json)}`)}}`;
}

describe("canonical JSON", () => {
  test("is stable under parse and print", () => {
    fc.assert(
      fc.property(json, (value) => {
        const printed = canonicalize(value);
        expect(printed).toBe(printSorted(value));
        expect(canonicalize(JSON.parse(printed) as Json)).toBe(printed);
        expect(canonicalize(parseJson(printed, options))).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });

  test("is taken by parseCanonical, as the value it spells", () => {
    fc.assert(
      fc.property(jsonObject, (value) => {
        const printed = canonicalize(value);
        const parsed = parseCanonical(Buffer.from(printed), options);
        expect(parsed.text).toBe(printed);
        expect(parsed.value).toEqual(JSON.parse(printed));
      }),
      { numRuns: 1000 },
    );
  });

  test("is all that parseCanonical takes: any other print of the value is refused", () => {
    fc.assert(
      fc.property(jsonObject, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
        const other = JSON.stringify(value, undefined, indent);
        fc.pre(other !== canonicalize(value));
        expect(refusal(() => parseCanonical(Buffer.from(other), options)).code).toBe(
          "NOT_CANONICAL",
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("is all that parseCanonical takes: one changed byte is refused, or canonical again", () => {
    fc.assert(
      fc.property(jsonObject, fc.nat(), fc.nat({ max: 255 }), (value, at, byte) => {
        const bytes = Buffer.from(canonicalize(value));
        bytes[at % bytes.length] = byte;
        try {
          const parsed = parseCanonical(bytes, options);
          expect(Buffer.from(printSorted(parsed.value))).toEqual(bytes);
        } catch (error) {
          expect(isSynclineError(error)).toBe(true);
          expect(isSynclineError(error, "INTERNAL")).toBe(false);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("lists integer-like keys as text", () => {
    const printed = '{"10":1,"9":{"1":1,"10":2,"2":3},"a":[]}';
    expect(parseCanonical(Buffer.from(printed), options).value).toEqual(JSON.parse(printed));
  });
});

describe("parseJson", () => {
  test("gives what JSON.parse gives", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, "\r\n"), (value, indent) => {
        const printed = JSON.stringify(value, undefined, indent);
        expect(parseJson(printed, options)).toEqual(JSON.parse(printed));
        expect(parseJson(Buffer.from(printed), options)).toEqual(JSON.parse(printed));
      }),
      { numRuns: 1000 },
    );
  });

  test("takes no text that JSON.parse refuses, and says where the fault is", () => {
    const broken = fc.tuple(json, fc.nat(), text).map(([value, at, insert]) => {
      const printed = JSON.stringify(value);
      const offset = at % (printed.length + 1);
      return printed.slice(0, offset) + insert + printed.slice(offset + (at % 2));
    });
    fc.assert(
      fc.property(broken, (input) => {
        let isJson = true;
        try {
          JSON.parse(input);
        } catch {
          isJson = false;
        }
        try {
          parseJson(input, options);
          expect(isJson).toBe(true);
        } catch (error) {
          expect(isSynclineError(error)).toBe(true);
          expect(isSynclineError(error, "INTERNAL")).toBe(false);
          expect((error as SynclineError).where).toMatch(/^line \d+, column \d+$/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("takes the limits themselves", () => {
    const deep = "[".repeat(64) + "]".repeat(64);
    expect(parseJson(deep, options)).toEqual(JSON.parse(deep));
    expect(parseJson(`{"${"k".repeat(1024)}":1}`, options)).toEqual({ ["k".repeat(1024)]: 1 });
    expect(parseJson("[9007199254740991,-9007199254740991]", options)).toEqual([
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ]);
    expect(parseJson('"€"', { bytesMax: 5 })).toBe("€");
    expect(refusal(() => parseJson('"€"', { bytesMax: 4 })).code).toBe("INPUT_TOO_LARGE");
  });

  test("leaves the reserved key to those who know it", () => {
    expect(parseJson('{"@deleted":true}', options)).toEqual({ "@deleted": true });
  });

  test.each([
    ['{"a":1,\n "b":[1,\n  2,]}', "INVALID_JSON", "line 3, column 5"],
    ['{"a":1,\n "a":2}', "DUPLICATE_KEY", "line 2, column 2"],
    ['\n\n{"x":{"__proto__":1}}', "FORBIDDEN_KEY", "line 3, column 7"],
    ['["ok","\\ud800"]', "LONE_SURROGATE", "line 1, column 7"],
    ['["ok","\ud800"]', "LONE_SURROGATE", "line 1, column 7"],
    ["[1,\n1e999]", "UNSAFE_NUMBER", "line 2, column 1"],
    [`[\n${"[".repeat(70)}`, "TOO_DEEP", "line 2, column 64"],
    ["", "INVALID_JSON", "line 1, column 1"],
  ])("says where %j is wrong", (input, code, where) => {
    const error = refusal(() => parseJson(input, { ...options, where: "data.json" }));
    expect(error).toMatchObject({ code, where: `data.json: ${where}` });
  });

  test("says which byte is not UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from('"\uFFFDé€'), Buffer.from([0xc3, 0x28])]);
    expect(refusal(() => parseJson(bytes, options)).where).toBe("byte 10");
  });
});

/** Prints a value, in canonical form but where `differs` says otherwise. */
function spelled(value: Json, differs: () => boolean): string {
  const space = differs() ? " " : "";
  if (typeof value === "string") return spelledText(value, differs);
  if (typeof value === "number") return differs() ? `${value}e0` : JSON.stringify(value);
  if (value === null || typeof value !== "object") return `${value}${space}`;
  if (Array.isArray(value)) return `[${value.map((item) => spelled(item, differs))}${space}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  if (differs()) members.reverse();
  const printed = members.map(
    ([key, item]) => `${spelledText(key, differs)}:${space}${spelled(item as Json, differs)}`,
  );
  return `{${printed}}`;
}

function spelledText(value: string, differs: () => boolean): string {
  if (value === "" || !differs()) return JSON.stringify(value);
  const code = value.charCodeAt(0).toString(16).padStart(4, "0");
  return value[0] === "/" ? `"\\/${JSON.stringify(value.slice(1)).slice(1)}` : `"\\u${code}"`;
}

describe("parseCanonical, of other spellings", () => {
  const differences = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 3 });

  test("takes a text when it is the canonical one of its value, and no other", () => {
    fc.assert(
      fc.property(jsonObject, differences, (value, places) => {
        let place = 0;
        const input = spelled(value, () => places.includes(place++));
        let taken = true;
        try {
          parseCanonical(Buffer.from(input), options);
        } catch {
          taken = false;
        }
        expect([input, taken]).toEqual([input, isCanonical(input)]);
      }),
      { numRuns: 5000 },
    );
  });

  test.each(['{"b":1,"1":2}', '{"10":1,"9":2}', '{"9":1,"10":2}', '{"a":"\\\\/"}', '{"a":-0}'])(
    "judges %s as its canonical form does",
    (input) => {
      const taken = isCanonical(input);
      if (taken) expect(parseCanonical(Buffer.from(input), options).text).toBe(input);
      else expect(() => parseCanonical(Buffer.from(input), options)).toThrow();
    },
  );
});

function isCanonical(input: string): boolean {
  try {
    return printSorted(JSON.parse(input)) === input && !/"\\ud[89a-f]/.test(input);
  } catch {
    return false;
  }
}

describe("scanDepth", () => {
  test("counts the members that a text names, whatever its strings hold", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(scanDepth(JSON.stringify(value)).members).toBe(countMembers(value));
      }),
      { numRuns: 1000 },
    );
  });
});

function countMembers(value: Json): number {
  if (value === null || typeof value !== "object") return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  const inner = Object.values(value).map((member) => countMembers(member as Json));
  return inner.reduce((sum, count) => sum + count, own);
}
