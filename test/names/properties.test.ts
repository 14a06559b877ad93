// Proves that names kept up to date change by change are those that the whole set of claims defines
// (an oracle works them out from the page), whatever happens in whichever order, and that they are
// unique. NAMES_RUNS=100000 runs more lives.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Policy } from "../../src/merge/policy.ts";
import { type Claim, nameKey } from "../../src/names/claim.ts";
import type { Naming } from "../../src/names/naming.ts";
import { nameAll, planNames } from "../../src/names/plan-names.ts";
import { anyLives, anyPolicy, type Step } from "./arbitraries.ts";
import { ClaimTable } from "./claim-table.ts";
import { type OracleNaming, oracleNames } from "./oracle.ts";

const numRuns = Number(process.env.NAMES_RUNS ?? 1000);

/** The claims and namings of a catalog that plans them change by change, as a store does. */
class Catalog {
  readonly table = new ClaimTable();
  readonly names = new Map<ObjectId, OracleNaming>();

  step(policy: Policy, steps: readonly Step[], writesFirst: boolean): void {
    const changes = steps.map(([object, claim]) => this.table.change(object, claim));
    if (writesFirst) this.table.apply(changes);
    const named = planNames(this.table, policy, changes);
    if (!writesFirst) this.table.apply(changes);
    this.note(named);
    const answered = new Set(named.map(({ object }) => object));
    expect(answered.size).toBe(named.length);
    for (const { before, after } of changes) {
      if (before ?? after) expect(answered).toContain((before ?? after)?.object);
    }
  }

  note(named: readonly Naming[]): void {
    for (const { object, effectiveName, canonical, conflict } of named) {
      if (effectiveName === null) {
        expect({ canonical, conflict }).toEqual({ canonical: object, conflict: null });
        this.names.delete(object);
      } else this.names.set(object, { effectiveName, canonical, conflict });
    }
  }
}

const sorted = (names: ReadonlyMap<string, OracleNaming>) =>
  [...names].sort(([a], [b]) => (a < b ? -1 : 1));

function expectDefined(catalog: Catalog, policy: Policy): void {
  expect(sorted(catalog.names)).toEqual(sorted(oracleNames(catalog.table.all(), policy)));
}

describe("names kept up to date", () => {
  test("are after every change those that all claims define, through changes of policy", () => {
    fc.assert(
      fc.property(
        anyLives,
        anyPolicy,
        anyPolicy,
        fc.boolean(),
        (lives, one, other, writesFirst) => {
          const catalog = new Catalog();
          const half = Math.ceil(lives.length / 2);
          for (const [at, steps] of lives.entries()) {
            const policy = at < half ? one : other;
            if (at === half) catalog.note(nameAll(policy, catalog.table.all()));
            catalog.step(policy, steps, writesFirst);
            expectDefined(catalog, policy);
          }
        },
      ),
      { numRuns },
    );
  });

  test("do not depend on the order of changes nor on how they are batched", () => {
    fc.assert(
      fc.property(anyLives, anyPolicy, (lives, policy) => {
        const [live, replayed] = [new Catalog(), new Catalog()];
        for (const steps of lives) live.step(policy, steps, false);
        const claims = live.table.all().reverse();
        for (const claim of claims) replayed.step(policy, [[claim.object, claim]], true);
        expect(sorted(replayed.names)).toEqual(sorted(live.names));
      }),
      { numRuns: numRuns / 5 },
    );
  });
});

describe("effective names", () => {
  test("are unique in their space, but for aliases, and at most 100 code points where derived", () => {
    fc.assert(
      fc.property(anyLives, anyPolicy, (lives, policy) => {
        const claims = new Map<ObjectId, Claim>();
        for (const [object, claim] of lives.flat()) {
          if (claim !== undefined) claims.set(object, claim);
        }
        const holders = new Map<string, ObjectId>();
        for (const { object, effectiveName, canonical } of nameAll(policy, claims.values())) {
          const { space, name } = claims.get(object) as Claim;
          const key = JSON.stringify([space, nameKey(effectiveName as string)]);
          expect(holders.get(key) ?? canonical).toBe(canonical);
          holders.set(key, canonical);
          if (effectiveName === name || canonical !== object) continue;
          expect([...(effectiveName as string)].length).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: numRuns / 5 },
    );
  });
});
