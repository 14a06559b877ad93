import { canonicalize } from "../../base/canonical.ts";
import { sha256Hex } from "../../base/hash.ts";
import type { Json } from "../../base/json.ts";

/** What vouches for a row that no record vouches for: the SHA-256 of its values. */
export function rowSum(...values: readonly Json[]): string {
  return sha256Hex(canonicalize(values));
}
