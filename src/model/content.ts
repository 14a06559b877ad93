import { canonicalize } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import { escapeKey } from "../base/pointer.ts";

/**
 * The content of an object: all stored leaves, hidden ones and deletion flags included, as maps of
 * maps of leaves. A leaf is a scalar or an array, which is indivisible. Empty maps do not exist.
 */
export type Content = JsonObject;

/** SHA-256 of the canonical content, 64 hexadecimal digits; `text` is its canonical text if known. */
export function bodyHashOf(content: Content, text: string = canonicalize(content)): string {
  return sha256Hex(text);
}

/** Calls `visit` with the pointer and value of each leaf at or below `value`, in key order. */
export function eachLeaf(
  value: Json,
  path: string,
  visit: (path: string, leaf: Json) => void,
): void {
  if (!isJsonObject(value)) {
    visit(path, value);
    return;
  }
  for (const key of Object.keys(value)) {
    eachLeaf(value[key] as Json, `${path}/${escapeKey(key)}`, visit);
  }
}

/** All leaves of a content by pointer. */
export function leavesOf(content: Content): Map<string, Json> {
  const leaves = new Map<string, Json>();
  eachLeaf(content, "", (path, leaf) => leaves.set(path, leaf));
  return leaves;
}
