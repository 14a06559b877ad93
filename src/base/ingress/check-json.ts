import type { ErrorCode } from "../error-codes.ts";
import { SynclineError } from "../errors.ts";
import type { Json } from "../json.ts";
import { JSON_DEPTH_MAX, KEY_CHARS_MAX } from "../limits.ts";
import { printPointer } from "../pointer.ts";
import { isForbiddenKey, isUnsafeNumber } from "./survey.ts";

/**
 * Checks a value that comes from a program, not from a text: it must be what a JSON text that
 * `parseJson` takes could spell, or other instances would refuse the record made of it. `where` in
 * errors is a pointer into the value. Throws `INVALID_JSON` (undefined, dates, functions and the
 * like), `TOO_DEEP` (cycles too), `FORBIDDEN_KEY`, `LONE_SURROGATE`, `UNSAFE_NUMBER`,
 * `INPUT_TOO_LARGE` (keys).
 */
export function checkJson(value: unknown): asserts value is Json {
  check(value, []);
}

function check(value: unknown, keys: string[]): void {
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") {
    if (!value.isWellFormed()) fail("LONE_SURROGATE", "a string holds half of a pair", keys);
  } else if (typeof value === "number") {
    if (isUnsafeNumber(value)) fail("UNSAFE_NUMBER", "a number is beyond 2^53-1", keys);
  } else if (Array.isArray(value)) {
    checkDepth(keys);
    for (let i = 0; i < value.length; i++) checkMember(value[i], String(i), keys);
  } else if (isPlainObject(value)) {
    checkDepth(keys);
    for (const key of Object.keys(value)) {
      checkKey(key, keys);
      checkMember(value[key], key, keys);
    }
  } else {
    fail("INVALID_JSON", "a value is none of JSON", keys);
  }
}

function checkMember(member: unknown, key: string, keys: string[]): void {
  keys.push(key);
  check(member, keys);
  keys.pop();
}

function checkKey(key: string, keys: readonly string[]): void {
  if (isForbiddenKey(key)) fail("FORBIDDEN_KEY", `the key "${key}" is not allowed`, keys);
  if (!key.isWellFormed()) fail("LONE_SURROGATE", "a key holds half of a pair", keys);
  if (key.length > KEY_CHARS_MAX) {
    fail("INPUT_TOO_LARGE", `a key is longer than ${KEY_CHARS_MAX} characters`, keys);
  }
}

function checkDepth(keys: readonly string[]): void {
  if (keys.length < JSON_DEPTH_MAX) return;
  fail("TOO_DEEP", `nested deeper than ${JSON_DEPTH_MAX} levels`, keys);
}

function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function fail(code: ErrorCode, message: string, keys: readonly string[]): never {
  throw new SynclineError(code, message, { where: printPointer(keys).slice(0, 80) });
}
