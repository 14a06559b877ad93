// Proves what merging rests on in any graph: choke points, regions, ancestors and descent are those
// of the definition, which looks at all revisions.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RevisionId } from "../../src/base/ids.ts";
import { reaches } from "../../src/merge/descent.ts";
import { writesAt } from "../../src/merge/leaf-writes.ts";
import { findRegion, findRegionSaying, isAncestor } from "../../src/merge/region.ts";
import { History } from "../../src/oracle/history.ts";
import { chokePoint } from "../../src/oracle/oracle.ts";
import type { OracleRevision } from "../../src/oracle/types.ts";
import { graphOf } from "./against-oracle.ts";
import { graph } from "./random-graph.ts";

/** A graph, and the heads of a part of it that is closed downwards. */
const part = fc
  .tuple(graph, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }))
  .map(([revisions, picks]) => {
    const history = new History(revisions);
    const ids = history.ids();
    const some = picks.map((pick) => ids[pick % ids.length] as string);
    return { revisions, history, frontier: history.heads(new Set(some)) as RevisionId[] };
  });

const above = (history: History, choke: string | undefined, frontier: readonly string[]) => {
  const below = choke === undefined ? new Set() : history.down([choke]);
  return [...history.down(frontier)].filter((id) => !below.has(id));
};

describe("in any graph", () => {
  test("the region is what lies above the largest revision that all of it descends from", () => {
    fc.assert(
      fc.property(part, ({ history, frontier }) => {
        const { choke, revisions } = findRegion(graphOf(history), frontier);
        expect(choke).toBe(chokePoint(history, frontier));
        const ids = revisions.map(({ id }) => id);
        expect(ids).toEqual(history.byGeneration(above(history, choke, frontier)));
      }),
      { numRuns: 1000 },
    );
  });

  test("a region knows its ancestors", () => {
    fc.assert(
      fc.property(part, ({ history, frontier }) => {
        const region = findRegion(graphOf(history), frontier);
        region.revisions.forEach((one, a) => {
          region.revisions.forEach((other, b) => {
            expect(isAncestor(region, a, b)).toBe(history.ancestors(other.id).has(one.id));
          });
        });
      }),
    );
  });

  test("a region that says something goes down to where all that matters was said", () => {
    fc.assert(
      fc.property(part, fc.constantFrom("/n0", "/n1", "/n2"), ({ history, frontier }, path) => {
        const says = (one: Pick<OracleRevision, "patch">) => writesAt(one, path);
        const { revisions } = findRegionSaying(graphOf(history), frontier, says);
        const found = revisions.filter(says).map(({ id }) => id);
        const all = [...history.down(frontier)].filter((id) => history.writesAt(id, path));
        expect(history.heads(found)).toEqual(history.heads(all));
        expect(new Set(revisions).size).toBe(revisions.length);
      }),
      { numRuns: 1000 },
    );
  });

  test("descent is found, and nothing else", () => {
    fc.assert(
      fc.property(part, ({ history, frontier }) => {
        const seen = history.down(frontier);
        for (const id of history.ids()) {
          expect(reaches(graphOf(history), frontier, id as RevisionId)).toBe(seen.has(id));
        }
      }),
    );
  });
});
