// Proves that a cursor's ladder stays short while its rungs spread out exponentially, so that after
// a loss of any length the source finds a rung not much further back than the loss.
import fc from "fast-check";
import { expect, test } from "vitest";
import { LADDER_RUNGS_MAX } from "../../src/base/limits.ts";
import { climb } from "../../src/store/ladder.ts";
import type { Rung } from "../../src/store/rows.ts";

const EPOCH = "e";

function rung(lsn: number, epoch: string = EPOCH): Rung {
  return { epoch, lsn, chain: `${epoch}${lsn}` };
}

function climbed(steps: readonly number[]): { ladder: Rung[]; given: number[] } {
  let ladder: Rung[] = [];
  const given: number[] = [];
  let lsn = 0;
  for (const step of steps) {
    lsn += step;
    given.push(lsn);
    ladder = climb(ladder, rung(lsn));
  }
  return { ladder, given };
}

const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant(110)), {
  minLength: 1,
  maxLength: 400,
});

test("is short, newest first, and made of rungs that were given", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { ladder, given } = climbed(list);
      const lsns = ladder.map(({ lsn }) => lsn);
      const top = given.at(-1) as number;
      expect(lsns[0]).toBe(top);
      expect(ladder.length).toBeLessThanOrEqual(LADDER_RUNGS_MAX);
      expect(ladder.length).toBeLessThanOrEqual(2 + Math.log2(top));
      expect(lsns).toEqual([...new Set(lsns)].sort((a, b) => b - a));
      for (const lsn of lsns) expect(given).toContain(lsn);
    }),
  );
});

/**
 * One rung is kept per doubling of the distance, and one doubling may just be between two rungs:
 * neighbors are less than three doublings apart.
 */
const SPREAD = 8;

test("has a rung close below every loss", () => {
  fc.assert(
    fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const { ladder, given } = climbed(list);
      const top = given.at(-1) as number;
      const lost = Math.ceil(share * (top - 1));
      const kept = top - lost;
      const best = given.findLast((lsn) => lsn <= kept);
      // Nothing was ever given that far down: a full resend is all there is.
      if (best === undefined) return;
      const found = ladder.find(({ lsn }) => lsn <= kept)?.lsn ?? 0;
      // What is sent again is at most a few times what was lost, beside one step of the ladder.
      expect(top - found).toBeLessThanOrEqual(SPREAD * (top - best));
    }),
    { numRuns: 500 },
  );
});

test("a long climb in steps of one and of a hundred", () => {
  for (const step of [1, 110]) {
    const { ladder } = climbed(Array.from({ length: 20_000 }, () => step));
    const top = 20_000 * step;
    expect(ladder.length).toBeGreaterThan(10);
    expect(ladder.length).toBeLessThanOrEqual(LADDER_RUNGS_MAX);
    const distances = ladder.slice(1).map(({ lsn }) => top - lsn);
    distances.slice(1).forEach((distance, i) => {
      expect(distance / (distances[i] as number)).toBeLessThan(SPREAD);
    });
    expect(distances.at(-1)).toBeGreaterThan(top / SPREAD);
  }
});

test("forgets rungs of another epoch, and those above a source that went back", () => {
  const { ladder } = climbed([10, 10, 10, 10]);
  expect(climb(ladder, rung(41, "other"))).toEqual([rung(41, "other")]);
  const back = climb(ladder, rung(25));
  expect(back[0]).toEqual(rung(25));
  expect(back.slice(1).every(({ lsn }) => lsn < 25)).toBe(true);
  expect(climb(ladder, rung(40)).filter(({ lsn }) => lsn === 40)).toHaveLength(1);
});
