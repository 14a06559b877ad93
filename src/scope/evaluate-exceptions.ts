import type { Evaluation } from "./evaluate-scope.ts";
import { staysHome } from "./selection.ts";

/**
 * Evaluates a scope that takes all but what stays home: only that is looked at and remembered, so
 * that it costs nothing where there is none. True when anything entered or left.
 */
export function evaluateExceptions(evaluation: Evaluation): boolean {
  const { tables, scope, hash, after, isAnew, at, round } = evaluation;
  let isOther = false;
  for (const { id, withheld } of tables.withheldAfter(isAnew ? 0 : after)) {
    const before = tables.member(hash, id);
    const inside = !staysHome(scope, withheld);
    if (inside === (before?.inside ?? true)) continue;
    isOther = true;
    const position = { entered: inside ? at : 0, left: 0 };
    // Nobody hears of what never was inside.
    const wasInside = before !== undefined || tables.firstAt(id) <= after;
    if (!inside && wasInside) position.left = at;
    tables.saveMember(hash, id, { inside, selected: inside, ...position, round });
  }
  return isOther;
}
