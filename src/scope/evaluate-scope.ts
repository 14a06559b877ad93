import { SynclineError } from "../base/errors.ts";
import type { Lsn } from "../base/ids.ts";
import { SCOPES_KEPT_MAX } from "../base/limits.ts";
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

/** What one evaluation of a scope works with. */
export interface Evaluation {
  readonly tables: ScopeTables;
  readonly scope: Scope;
  readonly hash: string;
  /** What objects changed after `after` up to `upTo` is looked at; all objects when `isAnew`. */
  readonly after: Lsn;
  readonly upTo: Lsn;
  readonly isAnew: boolean;
  /** The position, and the number of the evaluation, of what enters or leaves now. */
  readonly at: Lsn;
  readonly round: number;
  readonly named: NamedObjects;
}

/**
 * Finds out what is inside a scope, on the merged state: of objects that changed since the last time
 * (all, when the policy or what a name stands for is another one), some thousand log entries at a
 * time. Calls that find nothing new write nothing. Belongs into one transaction. Throws `NOT_ALLOWED`
 * for one scope too many.
 */
export function evaluateScope(tables: ScopeTables, scope: Scope): ScopeState {
  const hash = scopeHash(scope);
  const known = tables.scope(hash);
  const end = tables.end();
  const policy = tables.policyHash();
  const all = takesAll(scope);
  if (known?.lsn === end && known.policy === policy) {
    return { ...stateOf(known, end), isNew: false, takesAll: all };
  }
  if (known === undefined && tables.hashes().length >= SCOPES_KEPT_MAX) throw tooManyScopes();
  const names = findNames(tables, scope, known?.names ?? {});
  const isAnew = known !== undefined && !(known.policy === policy && sameNames(known.names, names));
  const after = known?.lsn ?? 0;
  const upTo = isAnew || all ? end : tables.stepEnd(after);
  const [at, round] = [after + 1, (known?.round ?? 0) + 1];
  const named = namedObjects(names);
  const evaluation = { tables, scope, hash, after, upTo, isAnew, at, round, named };
  const isOther = all ? evaluateExceptions(evaluation) : evaluateClosure(evaluation);
  const stored: StoredScope = {
    ...{ hash, text: scopeText(scope), lsn: upTo, policy, names },
    round: isOther ? round : round - 1,
    changed: isOther ? at : (known?.changed ?? 0),
  };
  tables.saveScope(stored);
  return { ...stateOf(stored, end), isNew: known === undefined, takesAll: all };
}

/**
 * Lets all scopes be evaluated anew, whatever was found out: another version of the program shows
 * objects that nothing was added to in another way.
 */
export function doubtScopes(tables: Pick<ScopeTables, "hashes" | "scope" | "saveScope">): void {
  for (const hash of tables.hashes()) {
    const known = tables.scope(hash);
    if (known !== undefined) tables.saveScope({ ...known, policy: "" });
  }
}

/** None is forgotten for another: its targets would miss what entered in between. */
function tooManyScopes(): SynclineError {
  const message = `this instance serves ${SCOPES_KEPT_MAX} different scopes already`;
  return new SynclineError("NOT_ALLOWED", message, {
    hint: "use a scope that another link with this instance has, or none",
  });
}

function stateOf(
  { hash, lsn, round, changed, names }: StoredScope,
  end: Lsn,
): Omit<ScopeState, "isNew" | "takesAll"> {
  return { hash, lsn, isCurrent: lsn === end, round, changed, unknown: unknownNames(names) };
}
