import type { Policy } from "../merge/policy.ts";
import { type Claim, nameKey } from "./claim.ts";
import { type Claimant, claimantsOf, type Ranking, rankingOf } from "./claimants.ts";
import { derivedName, familyOf, originOf } from "./derived-name.ts";
import { type Naming, otherwiseNamed, plainlyNamed, unnamed } from "./naming.ts";
import { type ClaimChange, type ClaimReader, SpaceClaims } from "./space-claims.ts";

/**
 * The namings that changes of claims bring about: those of the changed objects, and of all others
 * whose naming may be another now, each object once; of everybody else the naming stays. At most
 * one change per object. The result is what {@link nameAll} gives over all claims.
 *
 * A claim whose key nobody else has or had costs one look-up, and one more if the key looks like a
 * derived name. A clash costs a look-up for its family of keys and one per derived name tried.
 */
export function planNames(
  reader: ClaimReader,
  policy: Policy,
  changes: Iterable<ClaimChange>,
): Naming[] {
  const spaces = new Map<string, SpaceClaims>();
  const claimsOf = (space: string): SpaceClaims => {
    const claims = spaces.get(space) ?? new SpaceClaims(reader, space);
    spaces.set(space, claims);
    return claims;
  };
  const named: Naming[] = [];
  for (const { before, after } of changes) {
    if (before !== undefined) claimsOf(before.space).remove(before);
    if (after !== undefined) claimsOf(after.space).add(after);
    else if (before !== undefined) named.push(unnamed(before.object));
  }
  const rules = { policy, ranking: rankingOf(policy) };
  for (const claims of spaces.values()) nameChanged(claims, rules, named);
  return named;
}

/** The namings of all objects that claim a name: what a change of policy asks for. */
export function nameAll(policy: Policy, claims: Iterable<Claim>): Naming[] {
  const nothing: ClaimReader = { claims: () => [], claimsBeginning: () => [] };
  const changes = Array.from(claims, (after) => ({ before: undefined, after }));
  return planNames(nothing, policy, changes);
}

interface Rules {
  readonly policy: Policy;
  readonly ranking: Ranking;
}

function nameChanged(claims: SpaceClaims, rules: Rules, named: Naming[]): void {
  const families = new Set<string>();
  for (const { key, before, now } of claims.changedKeys()) {
    const [only] = now;
    if (only !== undefined && now.length === 1) {
      named.push(...plainlyNamed({ canonical: only, aliases: [] }));
    }
    if (before > 1 || now.length > 1) families.add(familyOf(key));
    const origin = originOf(key);
    if (origin !== undefined && (origin.isCut || claims.at(origin.stem).length > 1)) {
      families.add(familyOf(origin.stem));
    }
  }
  for (const family of families) nameFamily(claims.inFamily(family), claims, rules, named);
}

/**
 * Names all of a family whose key is claimed more than once. Only losers of one family can want
 * the same derived name, and an authored key stands in the way of any: so this is all of the space
 * that a name in the family depends on.
 */
function nameFamily(
  family: readonly Claim[],
  claims: SpaceClaims,
  { policy, ranking }: Rules,
  named: Naming[],
): void {
  const losers: { key: string; winner: Claim; claimant: Claimant }[] = [];
  for (const [key, rivals] of Map.groupBy(family, ({ name }) => nameKey(name))) {
    if (rivals.length === 1) continue;
    const [first, ...others] = claimantsOf(rivals, policy, ranking) as [Claimant, ...Claimant[]];
    named.push(...plainlyNamed(first));
    for (const claimant of others) losers.push({ key, winner: first.canonical, claimant });
  }
  losers.sort((a, b) => ranking(a.claimant.canonical, b.claimant.canonical));
  const given = new Set<string>();
  const isTaken = (name: string): boolean => given.has(name) || claims.at(name).length > 0;
  for (const { key, winner, claimant } of losers) {
    const name = derivedName(key, claimant.canonical.object, isTaken);
    given.add(name);
    named.push(...otherwiseNamed(claimant, winner, name));
  }
}
