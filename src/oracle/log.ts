/** The page's conflict log of one object, with what became of each conflict. */
import type { History } from "./history.ts";
import type { Oracle } from "./oracle.ts";
import type { OracleConflict, OracleRecord } from "./types.ts";

/**
 * "The conflicts of state(parents(r)) for every authored r with several parents + those of the open
 * frontier". What is kept of a conflict that was met several times: as the open frontier has it,
 * else as the youngest revision left it.
 */
export function oracleLog(oracle: Oracle, frontier: readonly string[]): OracleRecord[] {
  const { history } = oracle;
  const ids = history.byAge(history.down(frontier));
  const conflicts = new Map<string, OracleConflict>();
  for (const id of ids) for (const one of conflictsMetBy(oracle, id)) conflicts.set(one.id, one);
  for (const conflict of oracle.state(frontier).conflicts) conflicts.set(conflict.id, conflict);
  const all = [...conflicts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return all.map((conflict): OracleRecord => {
    const [resolvedBy = null] = ids.filter((id) => isResolution(history, id, conflict));
    const isSuperseded = all.some((other) => takesThePlaceOf(history, other, conflict));
    const status = resolvedBy !== null ? "resolved" : isSuperseded ? "superseded" : "open";
    return { ...conflict, status, resolvedBy };
  });
}

/** "For a record implied by r, `chosen` is the value in content(r)." */
function conflictsMetBy(oracle: Oracle, id: string): OracleConflict[] {
  const { history } = oracle;
  const { parents } = history.revision(id);
  return oracle.state(parents).conflicts.map((conflict) => {
    const { path } = conflict;
    const value = oracle.content(id).get(path);
    const pin = history.pins(id).get(path);
    if (history.writesAt(id, path)) {
      return { ...conflict, chosen: { revision: id, value }, rule: "authored" };
    }
    const by = pin === undefined || pin.merged === true ? null : (pin.of[0] as string);
    return { ...conflict, chosen: { revision: by, value }, rule: "restated" };
  });
}

/** "a revision that descends from all candidates writes the path, or lists the id in `resolves`" */
function isResolution(
  history: History,
  id: string,
  { id: conflict, path, candidates }: OracleConflict,
) {
  if (!candidates.every(({ revision }) => history.ancestors(id).has(revision))) return false;
  const { resolves = [] } = history.revision(id);
  return history.writesAt(id, path) || resolves.includes(conflict);
}

/**
 * "a record at the same object and path has candidates that descend from these". A candidate that
 * is still one counts as its own descendant, if some other is a later edit or joins them. A clash
 * of shapes is not about the path's value.
 */
function takesThePlaceOf(
  history: History,
  later: OracleConflict,
  conflict: OracleConflict,
): boolean {
  const isAboutTheSame =
    later.path === conflict.path &&
    (later.kind === "structure") === (conflict.kind === "structure");
  return (
    isAboutTheSame && isBehind(history, conflict, later) && !isBehind(history, later, conflict)
  );
}

function isBehind(history: History, conflict: OracleConflict, later: OracleConflict): boolean {
  const seen = history.down(later.candidates.map(({ revision }) => revision));
  return conflict.candidates.every(({ revision }) => seen.has(revision));
}
