import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import type { ObjectId, RevisionId } from "../base/ids.ts";

/** What the state digest knows of one object. */
export interface DigestRow {
  readonly id: ObjectId;
  readonly heads: readonly RevisionId[];
  readonly bodyHash: string;
  /** Null for a deleted object, and without a name. */
  readonly effectiveName: string | null;
  readonly parked: boolean;
}

/**
 * The state digest: SHA-256 over the sorted lines JCS([object, [frontier], bodyHash,
 * effectiveName]), each ended by a newline, then the sorted ids of purged objects likewise. The
 * line of a parked object ends with "parked": it is not the state that a newer version derives.
 */
export function stateDigest(rows: Iterable<DigestRow>, purged: readonly ObjectId[]): string {
  const lines: string[] = [];
  for (const { id, heads, bodyHash, effectiveName, parked } of rows) {
    const state = [id, [...heads].sort(compareCodeUnits), bodyHash, effectiveName];
    lines.push(canonicalize(parked ? [...state, "parked"] : state));
  }
  lines.sort(compareCodeUnits);
  return sha256Hex([...lines, ...[...purged].sort(compareCodeUnits), ""].join("\n"));
}
