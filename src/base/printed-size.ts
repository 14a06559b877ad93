import type { Json } from "./json.ts";

/**
 * An upper bound of the bytes that a value of limited depth takes as canonical JSON, without
 * printing it. A UTF-16 unit takes six bytes at most, as an escape.
 */
export function printedBytesMax(value: Json): number {
  if (typeof value === "string") return 3 + 6 * value.length;
  // The longest number has 25 characters; a comma may follow.
  if (value === null || typeof value !== "object") return 26;
  let bytes = 3;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) bytes += printedBytesMax(item);
    return bytes;
  }
  const map = value as { readonly [key: string]: Json };
  for (const key in map) bytes += 3 + 6 * key.length + printedBytesMax(map[key] as Json);
  return bytes;
}

/** True when a text's UTF-8 is over a limit; a UTF-16 unit takes three bytes at most. */
export function isLargerThan(text: string, bytesMax: number): boolean {
  return text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax;
}
