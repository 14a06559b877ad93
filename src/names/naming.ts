import { compareCodeUnits } from "../base/canonical.ts";
import type { ObjectId } from "../base/ids.ts";
import { type Conflict, conflictId } from "../merge/conflict.ts";
import type { NameRule } from "../merge/policy.ts";
import type { Claim } from "./claim.ts";
import type { Claimant } from "./claimants.ts";

/** What an object is called. */
export interface Naming {
  readonly object: ObjectId;
  /** Null for an object that claims no name. */
  readonly effectiveName: string | null;
  /** The first in rank of the object's class of aliases; else the object itself. */
  readonly canonical: ObjectId;
  /** The clash in which the object is not first; null if there is none. */
  readonly conflict: Conflict | null;
}

/** The naming of an object that claims nothing. */
export function unnamed(object: ObjectId): Naming {
  return { object, effectiveName: null, canonical: object, conflict: null };
}

/** The namings of a claimant that keeps its plain name: the canonical object's, as authored. */
export function plainlyNamed({ canonical, aliases }: Claimant): Naming[] {
  const { object, name } = canonical;
  const first = { object, effectiveName: name, canonical: object, conflict: null };
  return [first, ...aliased(canonical, aliases, name)];
}

/** The namings of a claimant that lost its plain name to the winner and got another. */
export function otherwiseNamed(
  { canonical, aliases }: Claimant,
  winner: Claim,
  effectiveName: string,
): Naming[] {
  const conflict = clash(winner, canonical, effectiveName, "suffix");
  const { object } = canonical;
  const first = { object, effectiveName, canonical: object, conflict };
  return [first, ...aliased(canonical, aliases, effectiveName)];
}

function aliased(canonical: Claim, aliases: readonly Claim[], effectiveName: string): Naming[] {
  return aliases.map((alias) => ({
    object: alias.object,
    effectiveName,
    canonical: canonical.object,
    conflict: clash(canonical, alias, effectiveName, "alias"),
  }));
}

function clash(
  winner: Claim,
  { object, revision, name }: Claim,
  value: string,
  rule: NameRule,
): Conflict {
  const edits = new Map([
    [winner.revision, winner.name],
    [revision, name],
  ]);
  const candidates = [...edits]
    .map(([revision, value]) => ({ revision, value, merged: false }))
    .sort((a, b) => compareCodeUnits(a.revision, b.revision));
  const revisions = candidates.map(({ revision }) => revision);
  return {
    id: conflictId(object, "/name", "name", revisions),
    object,
    path: "/name",
    kind: "name",
    base: undefined,
    candidates,
    chosen: { revision: winner.revision, value },
    rule,
  };
}
