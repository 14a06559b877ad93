// Proves that stamps only go forward: whatever the clock does, each is after those before it and
// after the parents', and a stamp from a far future does not drag the clock along.
import fc from "fast-check";
import { expect, test } from "vitest";
import { HybridClock, hlcToIso, isoToHlc } from "../../src/base/hlc.ts";

const YEAR_MS = 365 * 24 * 3600 * 1000;
const NOON = Date.UTC(2026, 0, 15, 12);

function clockAt(times: readonly number[]): HybridClock {
  let at = 0;
  const nowMs = (): number => times[Math.min(at++, times.length - 1)] as number;
  return new HybridClock({ nowMs, monotonicMs: () => 0 });
}

test("a clock set back a year stops nothing and reorders nothing", () => {
  const clock = clockAt([NOON, NOON - YEAR_MS, NOON - YEAR_MS + 1, NOON + 1]);
  const stamps = [clock.next(), clock.next(), clock.next(), clock.next()];
  expect(stamps).toEqual([NOON * 1000, NOON * 1000 + 1, NOON * 1000 + 2, (NOON + 1) * 1000]);
});

test("a clock that was set back goes on from the stamp that was stored", () => {
  const clock = new HybridClock({ nowMs: () => NOON - YEAR_MS, monotonicMs: () => 0 }, NOON * 1000);
  expect(clock.next()).toBe(NOON * 1000 + 1);
});

test("a parent from the future raises its child's stamp alone", () => {
  const clock = clockAt([NOON]);
  const future = (NOON + YEAR_MS) * 1000;
  expect(clock.next([future])).toBe(future + 1);
  expect(clock.next()).toBe(NOON * 1000 + 1);
  expect(clock.last).toBe(NOON * 1000 + 1);
});

test("stamps ascend and come after their parents, whatever the clock shows", () => {
  const times = fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1 });
  const parent = fc.integer({ min: 0, max: 4e15 });
  fc.assert(
    fc.property(times, fc.array(parent), (shown, parents) => {
      const clock = clockAt(shown);
      let last = -1;
      for (const one of parents) {
        expect(clock.next([one])).toBeGreaterThan(one);
        expect(clock.last).toBeGreaterThan(last);
        last = clock.last;
      }
    }),
  );
});

test("people see and give ISO 8601", () => {
  expect(hlcToIso(1768471200000123)).toBe("2026-01-15T10:00:00.000Z");
  expect(isoToHlc("2026-01-15T10:00:00Z")).toBe(1768471200000000);
  expect(isoToHlc("soon")).toBeUndefined();
});
