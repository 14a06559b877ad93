/**
 * The names of all objects, written from the page that defines them as plainly as it goes: over all
 * claims at once, in any order of cost. It imports nothing of src/names.
 */
import { derivedId } from "../../src/base/ids.ts";

export interface OracleClaim {
  readonly object: string;
  readonly type: string;
  readonly space: string;
  readonly name: string;
  readonly instance: string;
  readonly hlc: number;
  readonly revision: string;
}

export interface OraclePolicy {
  readonly default: "newest" | { readonly priority: readonly string[] };
  readonly names: Readonly<Record<string, "suffix" | "alias">>;
  readonly types: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface OracleNaming {
  readonly effectiveName: string;
  readonly canonical: string;
  readonly conflict: unknown;
}

/** A class of objects that share one name: one object, or several aliases. First in rank first. */
type Class = readonly OracleClaim[];

const hexOf = (object: string): string => object.split("-").join("");
const first = (one: Class): OracleClaim => one[0] as OracleClaim;

/** The names that a loser would take, the dearest first. */
export function wishesOf(key: string, object: string, count: number): string[] {
  const hex = hexOf(object);
  const suffixes: string[] = [];
  for (let digits = 6; digits <= 32; digits++) suffixes.push(`--${hex.slice(0, digits)}`);
  for (let n = 2; suffixes.length < count; n++) suffixes.push(`--${hex}-${n}`);
  return suffixes.map((suffix) => {
    const stem = [...key];
    while (stem.length + suffix.length > 100) stem.pop();
    return stem.join("") + suffix;
  });
}

export function oracleNames(
  claims: readonly OracleClaim[],
  policy: OraclePolicy,
): Map<string, OracleNaming> {
  const spaces = [...new Set(claims.map(({ space }) => space))];
  return new Map(
    spaces.flatMap((space) =>
      namesOfSpace(
        claims.filter((claim) => claim.space === space),
        policy,
      ),
    ),
  );
}

function namesOfSpace(
  claims: readonly OracleClaim[],
  policy: OraclePolicy,
): [string, OracleNaming][] {
  const ranked = [...claims].sort((a, b) => (isBefore(a, b, policy) ? -1 : 1));
  const keys = new Set(ranked.map(({ name }) => name.normalize("NFC")));
  const taken = new Set(keys);
  const named: [string, OracleNaming][] = [];
  const losers: { key: string; winner: OracleClaim; loser: Class }[] = [];
  for (const key of keys) {
    const same = ranked.filter(({ name }) => name.normalize("NFC") === key);
    const [winner, ...others] = classesOf(same, policy) as [Class, ...Class[]];
    named.push(...namesOfClass(winner, first(winner).name, null));
    losers.push(...others.map((loser) => ({ key, winner: first(winner), loser })));
  }
  losers.sort((a, b) => ranked.indexOf(first(a.loser)) - ranked.indexOf(first(b.loser)));
  for (const { key, winner, loser } of losers) {
    const wishes = wishesOf(key, first(loser).object, 40 + taken.size);
    const name = wishes.find((wish) => !taken.has(wish)) as string;
    taken.add(name);
    named.push(...namesOfClass(loser, name, conflict(winner, first(loser), name, "suffix")));
  }
  return named;
}

function isBefore(a: OracleClaim, b: OracleClaim, policy: OraclePolicy): boolean {
  const place = (claim: OracleClaim): number => {
    const strategies = policy.types[claim.type] ?? {};
    const strategy = strategies["/name"] ?? strategies["/*"] ?? strategies[""] ?? policy.default;
    if (typeof strategy !== "object") return 1_000;
    const { priority } = strategy as { priority: readonly string[] };
    return priority.includes(claim.instance) ? priority.indexOf(claim.instance) : 1_000;
  };
  if (place(a) !== place(b)) return place(a) < place(b);
  if (a.hlc !== b.hlc) return a.hlc < b.hlc;
  if (a.revision !== b.revision) return a.revision < b.revision;
  return a.object < b.object;
}

/** The classes among claims of one key that stand in rank, in rank. */
function classesOf(same: readonly OracleClaim[], policy: OraclePolicy): Class[] {
  const alias = ({ type }: OracleClaim): boolean =>
    type !== "user" && policy.names[type] === "alias";
  const classes = same.map((claim) =>
    alias(claim) ? same.filter(({ type }) => type === claim.type) : [claim],
  );
  return classes.filter((one, at) => first(one) === same[at]);
}

function namesOfClass(members: Class, name: string, lost: unknown): [string, OracleNaming][] {
  const canonical = first(members);
  return members.map((member) => {
    const isCanonical = member === canonical;
    return [
      member.object,
      {
        effectiveName: name,
        canonical: canonical.object,
        conflict: isCanonical ? lost : conflict(canonical, member, name, "alias"),
      },
    ];
  });
}

function conflict(winner: OracleClaim, loser: OracleClaim, value: string, rule: string): unknown {
  const edits = winner.revision === loser.revision ? [loser] : [winner, loser];
  const candidates = edits
    .map(({ revision, name }) => ({ revision, value: name, merged: false }))
    .sort((a, b) => (a.revision < b.revision ? -1 : 1));
  const revisions = candidates.map(({ revision }) => revision);
  return {
    id: derivedId(["syncline/conflict/1", loser.object, "/name", "name", revisions]),
    object: loser.object,
    path: "/name",
    kind: "name",
    base: undefined,
    candidates,
    chosen: { revision: winner.revision, value },
    rule,
  };
}
