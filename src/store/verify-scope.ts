import { readScopeText } from "../scope/parse-scope.ts";
import { scopeHash, takesAll } from "../scope/scope.ts";
import { ScopeCopy, type ScopeRows } from "../scope/scope-copy.ts";
import type { ScopeTables } from "../scope/scope-tables.ts";
import type { Tie } from "../scope/selection.ts";

/** Hears what is wrong, and where. */
type Found = (where: string, message: string) => void;

/**
 * Checks what is stored of a scope: brought up to the log's end, it says of every object what an
 * evaluation from nothing says, and nobody entered or left in an evaluation that never was.
 */
export function verifyScope(tables: ScopeTables, rows: ScopeRows, found: Found): void {
  const { hash, text, lsn, round, changed } = rows.scope;
  const where = `scope ${hash}`;
  const scope = readScopeText(text);
  if (scopeHash(scope) !== hash) {
    found(where, "its document has another hash");
    return;
  }
  if (lsn > tables.end()) {
    found(where, `it was evaluated up to ${lsn}, where the log has not come`);
    return;
  }
  for (const [id, member] of rows.members) {
    const isKnown = member.round <= round && Math.max(member.entered, member.left) <= changed;
    if (!isKnown) found(`scope_member ${hash} ${id}`, "it changed in an evaluation that never was");
  }
  const stored = new ScopeCopy(tables, scope, rows).evaluate();
  const anew = ScopeCopy.afresh(tables, scope, rows.scope.names).evaluate();
  for (const id of new Set([...stored.members.keys(), ...anew.members.keys()])) {
    // Of what is gone a scope that takes all still says that it stayed home, and nobody asks.
    if (takesAll(scope) && tables.object(id) === undefined) continue;
    const isOther = isSelected(stored, id) !== isSelected(anew, id) && !takesAll(scope);
    if (stored.isInside(id) === anew.isInside(id) && !isOther) continue;
    found(`scope_member ${hash} ${id}`, "it is not what an evaluation from nothing gives");
  }
  for (const id of new Set([...stored.tied.keys(), ...anew.tied.keys()])) {
    if (printed(stored.tied.get(id)) === printed(anew.tied.get(id))) continue;
    found(`scope_tie ${hash} ${id}`, "its ties are not those of the object");
  }
}

function isSelected(copy: ScopeCopy, id: string): boolean {
  const member = copy.members.get(id);
  return member?.inside === true && member.selected;
}

function printed(ties: readonly Tie[] = []): string {
  const texts = ties.map(({ other, up }) => `${up} ${other}`);
  return texts.sort().join("\n");
}
