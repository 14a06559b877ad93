import type { Lsn } from "../base/ids.ts";
import { SCOPE_UNSAVED_MAX } from "../base/limits.ts";
import { evaluateClosure } from "./evaluate-closure.ts";
import { evaluateExceptions } from "./evaluate-exceptions.ts";
import { findNames, namedObjects, sameNames, unknownNames } from "./find-names.ts";
import { type Scope, scopeHash, scopeText, takesAll } from "./scope.ts";
import type { ScopeTables, StoredScope } from "./scope-tables.ts";
import type { NamedObjects } from "./selection.ts";

/** How a scope stands in a source's log. */
export interface ScopeState {
  readonly hash: string;
  /** Up to here it is known which objects are inside. */
  readonly lsn: Lsn;
  /** That is the log's end. */
  readonly isCurrent: boolean;
  /** It was never looked at before: no target can have a cursor for it from here. */
  readonly isNew: boolean;
  /** It leaves out nothing but what stays home. */
  readonly takesAll: boolean;
  /** Counts the evaluations in which anything entered or left. */
  readonly round: number;
  /** Targets before this position have to hear of what entered or left. */
  readonly changed: Lsn;
  /** Names in it that stand for nothing here, as `type/name`. */
  readonly unknown: readonly string[];
}

/** What an evaluation wrote: nothing; what it works with; or that somebody entered or left, too. */
export type ScopeChanged = "nothing" | "ties" | "members";

/** What one evaluation of a scope works with. */
export interface Evaluation {
  readonly tables: ScopeTables;
  readonly scope: Scope;
  readonly hash: string;
  /** What objects changed after `after` up to `upTo` is looked at; all objects when `isAnew`. */
  readonly after: Lsn;
  readonly upTo: Lsn;
  /** Targets may have come up to here. */
  readonly toldTo: Lsn;
  readonly isAnew: boolean;
  /** The position, and the number of the evaluation, of what enters or leaves now. */
  readonly at: Lsn;
  readonly round: number;
  readonly named: NamedObjects;
}

/**
 * Finds out what is inside a scope, on the merged state: of objects that changed since the last time
 * (all, when the policy or what a name stands for is another one), some thousand log entries at a
 * time. Belongs into one transaction.
 *
 * Calls that find that nobody entered or left write nothing: up to where they looked is remembered by
 * the process alone, as long as that is not far beyond what is stored. A process that begins looks
 * from there once more, at a stretch that targets may have come past. Who entered or left in it did so
 * at its end: no target that was told of that end before found it as it is now.
 */
export function evaluateScope(tables: ScopeTables, scope: Scope): ScopeState {
  const hash = scopeHash(scope);
  const known = tables.scope(hash);
  const end = tables.end();
  const policy = tables.policyHash();
  const all = takesAll(scope);
  const seen = known && tables.seenTo(hash);
  const after = seen ?? known?.lsn ?? 0;
  if (known !== undefined && after === end && known.policy === policy) {
    return { ...stateOf({ ...known, lsn: after }, end), isNew: false, takesAll: all };
  }
  const names = findNames(tables, scope, known?.names ?? {});
  const isAnew = known !== undefined && !(known.policy === policy && sameNames(known.names, names));
  const upTo = isAnew || all ? end : tables.stepEnd(after);
  const isSure = known === undefined || seen !== undefined;
  const toldTo = isSure ? after : Math.min(after + SCOPE_UNSAVED_MAX, end);
  // A policy is in no log: at its end, too, targets may have been told by the one before.
  const past = known?.policy === policy ? upTo : end + 1;
  const [at, round] = [isSure ? after + 1 : past, (known?.round ?? 0) + 1];
  const named = namedObjects(names);
  const evaluation = { tables, scope, hash, after, toldTo, upTo, isAnew, at, round, named };
  const change = all ? evaluateExceptions(evaluation) : evaluateClosure(evaluation);
  const isOther = change === "members";
  const stored: StoredScope = {
    ...{ hash, text: scopeText(scope), lsn: upTo, policy, names },
    round: isOther ? round : round - 1,
    changed: isOther ? at : (known?.changed ?? 0),
  };
  const isFar = upTo - (known?.lsn ?? 0) >= SCOPE_UNSAVED_MAX;
  if (known === undefined || isAnew || change !== "nothing" || isFar) tables.saveScope(stored);
  tables.see(hash, upTo);
  return { ...stateOf(stored, end), isNew: known === undefined, takesAll: all };
}

function stateOf(
  { hash, lsn, round, changed, names }: StoredScope,
  end: Lsn,
): Omit<ScopeState, "isNew" | "takesAll"> {
  return { hash, lsn, isCurrent: lsn === end, round, changed, unknown: unknownNames(names) };
}
