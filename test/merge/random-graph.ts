/** Random graphs of revisions that write little or nothing, for what depends on the graph alone. */
import fc from "fast-check";
import type { OracleRevision } from "../../src/oracle/types.ts";
import { INSTANCES, OBJECT, TYPE } from "./policies.ts";

export function idOf(number: number): string {
  return `${String(number).padStart(8, "0")}-0000-7000-8000-000000000000`;
}

/** Revisions by id, parents first; each has up to three heads of what it knows as parents. */
export const graph: fc.Arbitrary<Map<string, OracleRevision>> = fc
  .array(fc.array(fc.nat({ max: 40 }), { maxLength: 3 }), { minLength: 1, maxLength: 40 })
  .map((picks) => {
    const revisions = new Map<string, OracleRevision>();
    const seen = new Map<string, Set<string>>();
    picks.forEach((pick, at) => {
      const chosen = new Set(pick.filter((back) => back < at).map((back) => idOf(at - 1 - back)));
      const isSeen = (id: string) => [...chosen].some((other) => seen.get(other)?.has(id));
      const parents = [...chosen].filter((id) => !isSeen(id)).sort();
      const known = parents.flatMap((id) => [id, ...(seen.get(id) as Set<string>)]);
      seen.set(idOf(at), new Set(known));
      revisions.set(idOf(at), bare(at, parents));
    });
    return revisions;
  });

function bare(at: number, parents: readonly string[]): OracleRevision {
  const actor = `${INSTANCES[at % INSTANCES.length]}/${INSTANCES[0]}`;
  return {
    id: idOf(at),
    object: OBJECT,
    type: TYPE,
    parents,
    actor,
    hlc: at + 1,
    patch: at % 7 === 0 ? [{ op: "add", path: `/n${at % 3}`, value: at }] : [],
  };
}
