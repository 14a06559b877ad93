import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import { DEFAULT_POLICY, inForce as policyInForce } from "../merge/policy.ts";
import type { PolicyRecord } from "./policy-record.ts";
import type { PolicyInForce } from "./reader.ts";

/** What a set of policy records says: without any, the default is in force. */
export function inForce(records: readonly PolicyRecord[]): PolicyInForce {
  const heads = headsOf(records);
  const standing = standingOf(records, heads);
  const frontier = heads.map(({ id }) => id);
  return { ...policyInForce(standing?.policy ?? DEFAULT_POLICY), frontier };
}

/**
 * The head whose policy stands. Where heads say different things, all of them were adopted: people
 * on several instances each took over another's policy. Then the newest of them stands, so that
 * nobody has to adopt again, and policies cannot follow each other round a ring.
 */
function standingOf(
  records: readonly PolicyRecord[],
  heads: readonly PolicyRecord[],
): PolicyRecord | undefined {
  const [first, ...others] = heads;
  if (first === undefined || haveOnePolicy(heads) || !areAdopted(records, heads)) return first;
  return others.reduce((best, next) => (isLater(next, best) ? next : best), first);
}

function isLater(a: PolicyRecord, b: PolicyRecord): boolean {
  return a.hlc > b.hlc || (a.hlc === b.hlc && a.id > b.id);
}

function haveOnePolicy(records: readonly PolicyRecord[]): boolean {
  return new Set(records.map(({ policy }) => policyInForce(policy).hash)).size <= 1;
}

/** True when each of these only chose among policies that were there, as its parents say. */
function areAdopted(records: readonly PolicyRecord[], heads: readonly PolicyRecord[]): boolean {
  const hashes = new Map(records.map(({ id, policy }) => [id, policyInForce(policy).hash]));
  return heads.every(({ id, parents }) => {
    const hash = hashes.get(id);
    return parents.length > 1 && parents.some((parent) => hashes.get(parent) === hash);
  });
}

/** The policy and what it stands on, in short, to tell it from others; null for the default. */
export function policyMark({ hash, frontier }: PolicyInForce): string | null {
  if (frontier.length === 0) return null;
  return sha256Hex(canonicalize([hash, [...frontier]])).slice(0, 32);
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
  /** The peer's build on one's own, or say the same, or one's own is the default, or both adopted. */
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
  const all = [...own, ...fresh];
  const heads = headsOf(all);
  return haveOnePolicy(heads) || areAdopted(all, heads) ? "newer" : "apart";
}
