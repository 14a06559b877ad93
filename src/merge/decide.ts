import { chooseRegister } from "./choose.ts";
import type { ConflictKind } from "./conflict.ts";
import { isFlag, type Leaf } from "./leaf-writes.ts";
import { type Policy, type Strategy, strategyFor } from "./policy.ts";
import type { Region } from "./region.ts";
import { type Candidate, type Said, sameLeaf } from "./survivors.ts";
import { isMergeableText, type mergeTexts } from "./text.ts";

/** How a path's value came about. */
export interface Decision {
  readonly value: Leaf;
  /** They differ only if there is a conflict. */
  readonly candidates: readonly Candidate[];
  readonly winner: Candidate;
  /** The winner alone, or the candidates whose texts were merged. */
  readonly sources: readonly Candidate[];
  /** Left out where all candidates agree. */
  readonly conflict?: { readonly kind: ConflictKind; readonly rule: string };
}

/** What decides besides the candidates. */
export interface Rules {
  readonly type: string;
  readonly policy: Policy;
  readonly mergeTexts: typeof mergeTexts;
}

/** One path of a region, with the value below the region. */
export interface Site {
  readonly region: Region;
  readonly path: string;
  readonly said: Said;
  readonly base: Leaf;
}

/** The value of a path with at least one candidate. */
export function decide(site: Site, rules: Rules, candidates: readonly Candidate[]): Decision {
  const { region, path, said, base } = site;
  const { type, policy, mergeTexts } = rules;
  const strategy = strategyFor(policy, type, path);
  const winner = chooseRegister(region, path, candidates, strategy, policy.deletes);
  const { value } = winner;
  const chosen = { value, candidates, winner, sources: [winner] };
  if (candidates.every((candidate) => sameLeaf(candidate.value, value))) return chosen;
  const kind = kindOf(path, strategy, candidates);
  const conflict = { kind, rule: ruleOf(kind, strategy, policy) };
  if (strategy !== "text" || !isMergeableText(value)) return { ...chosen, conflict };
  const merged = mergeTexts(region, said, base, candidates, winner);
  if (merged.sources.length === 1) return { ...chosen, conflict };
  return { ...chosen, ...merged, conflict: { kind, rule: "text" } };
}

function kindOf(path: string, strategy: Strategy, candidates: readonly Candidate[]): ConflictKind {
  if (isFlag(path) || candidates.some(({ value }) => value === undefined)) return "delete";
  const areTexts = candidates.every(({ value }) => isMergeableText(value));
  return strategy === "text" && areTexts ? "text" : "value";
}

function ruleOf(kind: ConflictKind, strategy: Strategy, { deletes }: Policy): string {
  if (strategy === "set") return "set";
  if (kind === "delete") return deletes;
  return typeof strategy === "string" ? "newest" : "priority";
}
