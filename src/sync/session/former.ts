import type { Resume } from "../../protocol/resume.ts";
import type { ScopeState } from "../../scope/evaluate-scope.ts";
import { NO_EPOCH } from "./continuity.ts";

/**
 * The target holds what came within a scope from this source before it was restored: what of it has
 * left the scope since is known to nobody, so that everything outside is told, once all of it is known.
 */
export function holdsFormer(
  { ladder: [newest] }: Resume,
  { takesAll }: ScopeState,
  ownEpoch: string,
): boolean {
  if (newest === undefined || takesAll) return false;
  return newest[0] !== ownEpoch && newest[0] !== NO_EPOCH;
}

/** Removals are told of what is inside alone, or all that is outside: that has to be known to the end. */
export function isTooEarly(resume: Resume, state: ScopeState, ownEpoch: string): boolean {
  if (state.isCurrent) return false;
  return resume.removals !== undefined || holdsFormer(resume, state, ownEpoch);
}

/** A log never loses what it told somebody in its epoch: one that has is an older copy of itself. */
export function isSetBack(
  { ladder: [newest] }: Resume,
  [chain]: readonly (string | null)[],
  ownEpoch: string,
): boolean {
  return newest !== undefined && newest[0] === ownEpoch && newest[2] !== chain;
}
