import type { Evaluation, ScopeChanged } from "./evaluate-scope.ts";
import { staysHome } from "./selection.ts";

/**
 * Evaluates a scope that takes all but what stays home: only that is looked at and remembered, so
 * that it costs nothing where there is none.
 */
export function evaluateExceptions(evaluation: Evaluation): ScopeChanged {
  const { tables, scope, hash, after, toldTo, isAnew, at, round } = evaluation;
  let isOther = false;
  for (const { id, withheld } of tables.withheldAfter(isAnew ? 0 : after)) {
    const before = tables.member(hash, id);
    const inside = !staysHome(scope, withheld);
    if (inside === (before?.inside ?? true)) continue;
    isOther = true;
    const position = { entered: inside ? at : 0, left: 0 };
    // Nobody hears of what never was inside.
    const wasInside = before !== undefined || tables.firstAt(id) <= toldTo;
    if (!inside && wasInside) position.left = at;
    tables.saveMember(hash, id, { inside, selected: inside, ...position, round });
  }
  return isOther ? "members" : "nothing";
}
