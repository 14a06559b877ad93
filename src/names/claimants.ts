import { compareCodeUnits } from "../base/canonical.ts";
import type { InstanceId } from "../base/ids.ts";
import { type Policy, strategyFor } from "../merge/policy.ts";
import type { Claim } from "./claim.ts";

/** Who contends for a key: one object, or a class of aliases that does so as one. */
export interface Claimant {
  readonly canonical: Claim;
  /** The other members of the class, in rank. */
  readonly aliases: readonly Claim[];
}

/** The order of claims, the first in rank first. It is total: no two objects are equal in it. */
export type Ranking = (a: Claim, b: Claim) => number;

/**
 * The order that a policy gives to claims: by the place of the instance in the priority list of the
 * type's names, where there is one (who is not listed comes last, and so does everybody of a type
 * without a list), then the earliest edit, then the object's id.
 */
export function rankingOf(policy: Policy): Ranking {
  const lists = new Map<string, readonly InstanceId[]>();
  const place = ({ type, instance }: Claim): number => {
    const list = lists.get(type) ?? priorityList(policy, type);
    lists.set(type, list);
    const at = list.indexOf(instance);
    return at < 0 ? Number.MAX_SAFE_INTEGER : at;
  };
  return (a, b) =>
    place(a) - place(b) ||
    a.hlc - b.hlc ||
    compareCodeUnits(a.revision, b.revision) ||
    compareCodeUnits(a.object, b.object);
}

function priorityList(policy: Policy, type: string): readonly InstanceId[] {
  const strategy = strategyFor(policy, type, "/name");
  return typeof strategy === "string" ? [] : strategy.priority;
}

/** The claimants of one key, by rank: the first keeps the plain name. */
export function claimantsOf(
  claims: readonly Claim[],
  policy: Policy,
  ranking: Ranking,
): Claimant[] {
  const claimants: Claimant[] = [];
  const classes = new Map<string, Claim[]>();
  for (const claim of [...claims].sort(ranking)) {
    const joined = classes.get(claim.type);
    if (joined !== undefined) {
      joined.push(claim);
      continue;
    }
    const aliases: Claim[] = [];
    claimants.push({ canonical: claim, aliases });
    if (formsAliases(policy, claim.type)) classes.set(claim.type, aliases);
  }
  return claimants;
}

/** Two people are never one, whatever a policy says. */
function formsAliases({ names }: Policy, type: string): boolean {
  return type !== "user" && names[type] === "alias";
}
