import type { Json, JsonObject } from "../json.ts";
import { KEY_CHARS_MAX } from "../limits.ts";

/** What one walk over a parsed value finds out. */
export interface Survey {
  /** False when some key, string or number must be refused. */
  sound: boolean;
  /** True when JSON.stringify would print every object's keys in canonical order. */
  sorted: boolean;
  /** True when every object has its keys in the order of the text: none looks like an index. */
  inTextOrder: boolean;
  /** Members of all objects together; fewer than the text names when it repeats a key. */
  members: number;
}

const INDEX_DIGITS_MAX = 10;
const INDEX_FORM = /^\d+$/;

/** True for keys that would reach an object's prototype in careless code. */
export function isForbiddenKey(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/** True for what a double cannot hold as written: not finite, or beyond ±(2^53-1). */
export function isUnsafeNumber(value: number): boolean {
  // No double beyond 2^53 has a fraction, so the bound covers exactly the unsafe integers.
  return !(value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER);
}

/**
 * Walks a parsed value of limited depth. `strings` says whether halves of surrogate pairs are
 * possible at all (a text without such escapes need not be searched string by string).
 */
export function survey(value: Json, strings: boolean): Survey {
  const result: Survey = { sound: true, sorted: true, inTextOrder: true, members: 0 };
  visit(value, strings, result);
  return result;
}

function visit(value: Json, strings: boolean, result: Survey): void {
  if (typeof value === "string") {
    if (strings && !value.isWellFormed()) result.sound = false;
  } else if (typeof value === "number") {
    if (isUnsafeNumber(value)) result.sound = false;
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) visit(value[i] as Json, strings, result);
  } else if (typeof value === "object" && value !== null) {
    visitObject(value as JsonObject, strings, result);
  }
}

function visitObject(object: JsonObject, strings: boolean, result: Survey): void {
  let previous: string | undefined;
  for (const key in object) {
    if (previous === undefined) {
      // ECMAScript lists keys that look like indices first, whatever their place in the text.
      if (key.length <= INDEX_DIGITS_MAX && INDEX_FORM.test(key)) result.inTextOrder = false;
    } else if (previous >= key) {
      result.sorted = false;
    }
    previous = key;
    result.members++;
    if (isForbiddenKey(key) || key.length > KEY_CHARS_MAX) result.sound = false;
    if (strings && !key.isWellFormed()) result.sound = false;
    visit(object[key] as Json, strings, result);
  }
}
