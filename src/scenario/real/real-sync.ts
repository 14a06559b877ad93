import { SCHEDULE_SPREAD_MS_MAX } from "../../base/limits.ts";
import { systemClock } from "../../base/ports/clock.ts";
import { systemTimers } from "../../base/ports/timers.ts";
import { MANUAL, parseMode } from "../../sync/schedule/mode.ts";
import { afterWords } from "../explain/words.ts";
import type { SyncStep } from "../format/scenario.ts";
import { linksOfStep, SYNC_MS_MAX } from "../run/step-links.ts";
import {
  expectFailures,
  holdingsOf,
  isPatient,
  type Synced,
  type SyncFailures,
} from "../run/sync-outcome.ts";
import { ownerOf } from "../world/links.ts";
import { type Ended, isInStep, isLive } from "../world/live-links.ts";
import { performReal } from "./perform-real.ts";
import type { RealFaults } from "./real-faults.ts";
import type { RealLink, RealWorld } from "./real-world.ts";

/** The pause between two attempts. */
const RETRY_MS = 100;

/**
 * Runs every link between the instances of a step, each until it has caught up. Returns what did
 * not come about as the step expects.
 */
export async function realSyncStep(
  world: RealWorld,
  faults: RealFaults,
  step: SyncStep,
): Promise<SyncFailures> {
  const { during = [], expect = {} } = step;
  const links = linksOfStep(world.links, step);
  const before = await holdingsOf(world);
  world.mark();
  await faults.expect(during, (one) => {
    if ("fault" in one) faults.happen(one.fault);
    else for (const action of one.do) world.chore(performReal(world, action, faults));
  });
  const isAgain = isPatient(expect);
  const accept = step.acceptRemovals === true;
  const synced = await Promise.all(links.map((link) => runUntilDone(world, link, isAgain, accept)));
  const missed = (await faults.end()).map(
    (after) => `${afterWords(after)} never came: the sync was over`,
  );
  await world.chores();
  const { outcomes, others } = await expectFailures(world, before, synced, expect);
  return { outcomes, others: [...missed, ...others] };
}

async function runUntilDone(
  world: RealWorld,
  link: RealLink,
  isAgain: boolean,
  acceptRemovals: boolean,
): Promise<Synced> {
  const endMs = systemClock.monotonicMs() + SYNC_MS_MAX;
  let last: Ended | undefined;
  for (;;) {
    const run = await carryReal(world, link, acceptRemovals);
    last = run ?? last;
    const isOver = run?.outcome === "ok" || run?.outcome === "held" || !isAgain;
    if (isOver || systemClock.monotonicMs() + RETRY_MS > endMs) return { link, last };
    await pause();
  }
}

/** Runs a link, or looks whether one that is live has carried everything. */
export async function carryReal(
  world: RealWorld,
  link: RealLink,
  acceptRemovals = false,
): Promise<Ended | undefined> {
  // Who agrees to removals does so in a run beside the live one.
  if (!isLive(link) || acceptRemovals) return world.runLink(link, acceptRemovals);
  if (await isInStep(link, (name) => world.look(name))) return { outcome: "ok" };
  const [last] = await world.look(ownerOf(link)).runs(link.name);
  return last === undefined || last.outcome === "ok" ? { outcome: "interrupted" } : last;
}

/** Gives live links some time to carry what there is. */
export async function untilLiveInStep(world: RealWorld, msMax: number): Promise<void> {
  const endMs = systemClock.monotonicMs() + msMax;
  const live = world.links.filter(isLive);
  const areInStep = async (): Promise<boolean> => {
    const found = await Promise.all(live.map((link) => isInStep(link, (name) => world.look(name))));
    return found.every((one) => one);
  };
  while (!(await areInStep()) && systemClock.monotonicMs() < endMs) await pause();
}

/** Waits until links with a schedule have run that are due by now. */
export async function untilScheduledRan(world: RealWorld, msMax: number): Promise<void> {
  const endMs = systemClock.monotonicMs() + msMax;
  for (const link of world.links) {
    while ((await isDue(world, link)) && systemClock.monotonicMs() < endMs) await pause();
  }
}

/** True when the last run of a link began so long ago that another one must have begun. */
async function isDue(world: RealWorld, link: RealLink): Promise<boolean> {
  const mode = parseMode(link.mode ?? MANUAL.kind);
  const owner = world.get(ownerOf(link));
  if (mode?.kind !== "every" || owner.served === undefined) return false;
  const [last] = await owner.reader.runs(link.name);
  if (last === undefined) return true;
  const agoMs = world.wallMs + owner.skewMs - Date.parse(last.started);
  return agoMs >= mode.ms + Math.min(mode.ms / 10, SCHEDULE_SPREAD_MS_MAX);
}

export function pause(): Promise<void> {
  return new Promise((resolve) => {
    systemTimers.after(RETRY_MS, resolve);
  });
}
