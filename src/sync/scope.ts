import { canonicalize } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import type { JsonObject } from "../base/json.ts";

/** The scope of a link that carries everything. */
export const EVERYTHING: JsonObject = {};

/**
 * The key of a scope in cursors and messages: the first 32 hexadecimal digits of
 * SHA-256(JCS({"v":1, …scope})). Versioned, so that a new meaning of a key cannot take over the
 * cursors of the old one; canonical, so that the order of keys cannot lose them.
 */
export function scopeHash(scope: JsonObject): string {
  return sha256Hex(canonicalize({ v: 1, ...scope })).slice(0, 32);
}

/** The hash of {@link EVERYTHING}; messages leave it out. */
export const EVERYTHING_HASH: string = scopeHash(EVERYTHING);
