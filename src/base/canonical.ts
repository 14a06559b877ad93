import { isJsonObject, type Json } from "./json.ts";

/**
 * Canonical JSON (RFC 8785): keys sorted by UTF-16 code units, no white space, numbers and strings
 * as ECMAScript prints them. Equal values give equal text on every instance.
 */
export function canonicalize(value: Json): string {
  return isSorted(value) ? JSON.stringify(value) : sortAndPrint(value);
}

function sortAndPrint(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sortAndPrint).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort(compareCodeUnits)
    .map((key) => `${JSON.stringify(key)}:${sortAndPrint(value[key] as Json)}`);
  return `{${members.join(",")}}`;
}

/**
 * True when JSON.stringify would already print the value's keys in canonical order at every level.
 * (ECMAScript lists integer-like keys first, in numeric order, which this comparison notices.)
 */
export function isSorted(value: Json): boolean {
  if (value === null || typeof value !== "object") return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let previous: string | undefined;
  for (const key in value) {
    if (previous !== undefined && previous >= key) return false;
    previous = key;
    const member = (value as { readonly [key: string]: Json })[key] as Json;
    if (member !== null && typeof member === "object" && !isSorted(member)) return false;
  }
  return true;
}

/** The order of canonical keys, ids and paths: by UTF-16 code units, never by locale. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True when two JSON values are the same value. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  return canonicalize(a) === canonicalize(b);
}
