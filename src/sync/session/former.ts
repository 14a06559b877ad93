import { SynclineError } from "../../base/errors.ts";
import type { Resume } from "../../protocol/resume.ts";
import type { ScopeState } from "../../scope/evaluate-scope.ts";
import { NO_EPOCH } from "./continuity.ts";
import { unexpected } from "./wire.ts";

/**
 * The target holds what came within a scope from this source, and gets everything again: it says so
 * by a rung at the beginning, or one of another epoch: the source was restored, or has forgotten the
 * scope. What has left it since is known to nobody, so that everything outside is told, once all of it
 * is known.
 */
export function holdsFormer({ ladder: [newest] }: Resume, ownEpoch: string): boolean {
  if (newest === undefined || newest[0] === NO_EPOCH) return false;
  return newest[0] !== ownEpoch || newest[1] === 0;
}

/** Removals are told of what is inside alone, or all that is outside: that has to be known to the end. */
export function isTooEarly(resume: Resume, state: ScopeState, ownEpoch: string): boolean {
  if (state.isCurrent) return false;
  return resume.removals !== undefined || holdsFormer(resume, ownEpoch);
}

/** A log never loses what it told somebody in its epoch: one that has is an older copy of itself. */
export function isSetBack(
  { ladder: [newest] }: Resume,
  [chain]: readonly (string | null)[],
  ownEpoch: string,
): boolean {
  return newest !== undefined && newest[0] === ownEpoch && newest[2] !== chain;
}

/**
 * A scope's state, which a target has to name before it begins. Throws a retriable `INTERRUPTED` when
 * it was forgotten while something was sent: what has left since is told by the next session.
 */
export function stillKnown(state: ScopeState | undefined, hasBegun: boolean): ScopeState {
  if (state === undefined && !hasBegun) throw unexpected("a RESUME without the scope itself");
  if (state !== undefined && !(hasBegun && state.isNew && !state.takesAll)) return state;
  throw new SynclineError(
    "INTERRUPTED",
    "the scope was forgotten here, since many others were asked",
    {
      retriable: true,
      hint: "sync again",
    },
  );
}
