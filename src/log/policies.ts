import { compareCodeUnits } from "../base/canonical.ts";
import { DEFAULT_POLICY, inForce as policyInForce } from "../merge/policy.ts";
import type { PolicyRecord } from "./policy-record.ts";
import type { PolicyInForce } from "./reader.ts";

/** What a set of policy records says: without any, the default is in force. */
export function inForce(records: readonly PolicyRecord[]): PolicyInForce {
  const heads = headsOf(records);
  const [first] = heads;
  const frontier = heads.map(({ id }) => id);
  return { ...policyInForce(first?.policy ?? DEFAULT_POLICY), frontier };
}

/** The records that no other one takes the place of, in id order. */
export function headsOf(records: readonly PolicyRecord[]): PolicyRecord[] {
  const replaced = new Set(records.flatMap(({ parents }) => parents));
  return records.filter(({ id }) => !replaced.has(id)).sort((a, b) => compareCodeUnits(a.id, b.id));
}

/** How a peer's policies go with one's own. */
export type PolicyMatch =
  /** Nothing new in what the peer has. */
  | "known"
  /** The peer's build on one's own, or say the same, or one's own is the default. */
  | "newer"
  /** Both were changed, and say different things. */
  | "apart";

export function matchPolicies(
  own: readonly PolicyRecord[],
  offered: readonly PolicyRecord[],
): PolicyMatch {
  const known = new Set(own.map(({ id }) => id));
  const fresh = offered.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return "known";
  const hashes = headsOf([...own, ...fresh]).map(({ policy }) => policyInForce(policy).hash);
  return new Set(hashes).size === 1 ? "newer" : "apart";
}
