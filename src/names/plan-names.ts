import type { Policy } from "../merge/policy.ts";
import { type Claim, nameKey } from "./claim.ts";
import { type Claimant, claimantsOf, type Ranking, rankingOf } from "./claimants.ts";
import { derivedName, familyOf, firstDigits, originOf } from "./derived-name.ts";
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

/** All that changed in a family, where that is only more claims to claimed keys; null for anything. */
type Newcomers = readonly Claim[] | null;

function nameChanged(claims: SpaceClaims, rules: Rules, named: Naming[]): void {
  const families = new Map<string, Newcomers>();
  const add = (family: string, newcomers: readonly Claim[] | null): void => {
    const known = families.get(family);
    const isAny = newcomers === null || known === null;
    families.set(family, isAny ? null : [...(known ?? []), ...newcomers]);
  };
  for (const { key, before, now, left, arrived } of claims.changedKeys()) {
    const [only] = now;
    if (only !== undefined && now.length === 1) {
      named.push(...plainlyNamed({ canonical: only, aliases: [] }));
    }
    const onlyMore = left === 0 && before > 0;
    if (before > 1 || now.length > 1) add(familyOf(key), onlyMore ? arrived : null);
    const origin = originOf(key);
    if (origin !== undefined && (origin.isCut || claims.at(origin.stem).length > 1)) {
      add(familyOf(origin.stem), null);
    }
  }
  for (const [family, newcomers] of families) {
    nameFamily(claims.inFamily(family), claims, rules, named, newcomers);
  }
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
  newcomers: Newcomers,
): void {
  const [losers, plain]: [Loser[], Naming[]] = [[], []];
  for (const [key, rivals] of Map.groupBy(family, ({ name }) => nameKey(name))) {
    if (rivals.length === 1) continue;
    const [first, ...others] = claimantsOf(rivals, policy, ranking) as [Claimant, ...Claimant[]];
    plain.push(...plainlyNamed(first));
    for (const claimant of others) losers.push({ key, winner: first.canonical, claimant });
  }
  losers.sort((a, b) => ranking(a.claimant.canonical, b.claimant.canonical));
  const concerned = newcomers === null ? undefined : concernedBy(newcomers, losers);
  if (concerned === undefined) named.push(...plain);
  const given = new Set<string>();
  const isTaken = (name: string): boolean => given.has(name) || claims.at(name).length > 0;
  for (const { key, winner, claimant } of concerned ?? losers) {
    const name = derivedName(key, claimant.canonical.object, isTaken);
    given.add(name);
    named.push(...otherwiseNamed(claimant, winner, name));
  }
}

interface Loser {
  readonly key: string;
  readonly winner: Claim;
  readonly claimant: Claimant;
}

/**
 * The losers whose name depends on the newcomers', if these are no more than losers themselves: two
 * derived names can only be equal if the ids that they end in begin alike. Undefined if a newcomer
 * is a winner or of a class of aliases; then all may be concerned.
 */
function concernedBy(newcomers: readonly Claim[], losers: readonly Loser[]): Loser[] | undefined {
  const alone = losers.filter(({ claimant }) => claimant.aliases.length === 0);
  const objects = new Set(alone.map(({ claimant }) => claimant.canonical.object));
  if (!newcomers.every(({ object }) => objects.has(object))) return undefined;
  const beginnings = new Set(newcomers.map(({ object }) => firstDigits(object)));
  return losers.filter(({ claimant }) => beginnings.has(firstDigits(claimant.canonical.object)));
}
