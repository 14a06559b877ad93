// Proves when a link runs next: live ones come back with a growing, random wait, scheduled ones at
// their time, once for all that were missed.
import { describe, expect, test } from "vitest";
import type { RandomSource } from "../../src/base/ports/random.ts";
import { type EndedRun, LinkPlan } from "../../src/sync/schedule/link-plan.ts";
import { LIVE, parseMode } from "../../src/sync/schedule/mode.ts";
import { seededRandom } from "../sync/world.ts";

/** Draws the lowest or the highest fraction. */
const always = (byte: number): RandomSource => ({ bytes: (n) => new Uint8Array(n).fill(byte) });
const [low, high] = [always(0), always(255)];

const lost: EndedRun = { outcome: "interrupted", code: "DISCONNECTED", inStepMs: null };
const unreachable: EndedRun = { outcome: "failed", code: "CONNECT_FAILED", inStepMs: null };
const refused: EndedRun = { outcome: "refused", code: "NOT_ALLOWED", inStepMs: null };

const live = (random: RandomSource): LinkPlan => new LinkPlan({ kind: "live" }, random);
const every = (ms: number, random: RandomSource = low): LinkPlan =>
  new LinkPlan({ kind: "every", ms }, random);

describe("modes", () => {
  test.each([
    ["manual", { kind: "manual" }],
    ["live", LIVE],
    ["every:1s", { kind: "every", ms: 1000 }],
    ["every:5m", { kind: "every", ms: 300_000 }],
    ["every:2h", { kind: "every", ms: 7_200_000 }],
    ["every:999999d", { kind: "every", ms: 86_399_913_600_000 }],
  ])("%s", (text, mode) => {
    expect(parseMode(text)).toEqual(mode);
  });

  test.each([
    "",
    "Live",
    "every",
    "every:",
    "every:5",
    "every:0m",
    "every:05m",
    "every:-1s",
    "every:1w",
  ])("%j is none", (text) => {
    expect(parseMode(text)).toBeUndefined();
  });
});

describe("a live link", () => {
  test("waits twice as long after each attempt, up to five seconds, at least half of it", () => {
    for (const ended of [lost, unreachable]) {
      const [soonest, latest] = [live(low), live(high)];
      const waits = (plan: LinkPlan): number[] =>
        Array.from({ length: 40 }, () => Math.round(plan.next(0, ended)));
      const expected = [400, 800, 1600, 3200, 5000, 5000];
      expect(waits(latest).slice(0, 6)).toEqual(expected);
      expect(waits(soonest).slice(0, 6)).toEqual(expected.map((ms) => ms / 2));
      expect(latest.next(0, ended)).toBeLessThanOrEqual(5000);
    }
  });

  test("waits up to a minute where the peer does not want it", () => {
    const plan = live(high);
    const waits = Array.from({ length: 9 }, () => Math.round(plan.next(0, refused)));
    expect(waits.slice(0, 2)).toEqual([10_000, 20_000]);
    expect(waits.at(-1)).toBe(60_000);
  });

  test("begins anew after a connection that was good, not after one that broke at once", () => {
    const plan = live(high);
    for (let i = 0; i < 5; i++) plan.next(0, lost);
    expect(Math.round(plan.next(0, { ...lost, inStepMs: 100 }))).toBe(5000);
    expect(Math.round(plan.next(0, { ...lost, inStepMs: 60_000 }))).toBe(200);
  });

  test("many that lose a peer together do not come back together", () => {
    const waits = Array.from({ length: 50 }, (_, i) => live(seededRandom(`${i}`)).next(0, lost));
    expect(new Set(waits.map((ms) => Math.round(ms / 10))).size).toBeGreaterThan(12);
  });
});

describe("a schedule", () => {
  test("goes on from when the last run began, also before a restart", () => {
    expect(every(60_000).first(0, null)).toBe(0);
    expect(every(60_000).first(1000, 20_000)).toBe(40_000);
    expect(every(60_000).first(1000, -5)).toBe(60_000);
  });

  test("keeps its times, however long runs take", () => {
    const plan = every(60_000);
    plan.first(0, null);
    expect(plan.next(7000, lost)).toBe(53_000);
    expect(plan.next(60_000 + 100, refused)).toBe(59_900);
  });

  test("makes up once for times that were missed, and goes on from there", () => {
    const plan = every(60_000);
    plan.first(0, null);
    expect(plan.next(500_000, lost)).toBe(0);
    expect(plan.next(501_000, lost)).toBe(59_000);
    expect(every(60_000).first(0, 9_000_000)).toBe(0);
  });

  test("is late by a tenth at most, or half a minute", () => {
    expect(Math.round(every(60_000, high).first(0, 0))).toBe(66_000);
    expect(Math.round(every(86_400_000, high).first(0, 0))).toBe(86_430_000);
  });
});
