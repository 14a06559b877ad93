import { CHECKERS } from "../checkers/all.ts";
import { NO_FAULTS } from "./faults.ts";
import { readState } from "./read-state.ts";
import type { World } from "./world.ts";

/** How long a healed network may take until everybody has everything. */
export const SETTLE_MS_MAX = 120_000;
/** Rounds of all links until one is quiet: a chain of four needs four. */
const ROUNDS_MAX = 12;
const RETRY_MS = 1_000;

/**
 * Ends all faults, starts everybody, and runs all links, round by round, until a whole round carries
 * nothing. False when that takes too long: that is a violation of its own.
 */
async function healAndSettle(world: World): Promise<boolean> {
  world.faults = NO_FAULTS;
  world.trace.add("*", "the network heals");
  for (const name of world.instances.keys()) world.start(name);
  let isSettled = false;
  void rounds(world).then(() => {
    isSettled = true;
  });
  await world.scheduler.run({
    timeMs: world.scheduler.nowMs + SETTLE_MS_MAX,
    done: () => world.isBroken || isSettled,
  });
  if (!isSettled && !world.isBroken) {
    const detail = `after ${SETTLE_MS_MAX / 1000} seconds without faults, something still moves`;
    world.report({ invariant: "settles", detail });
  }
  return isSettled;
}

/** Rounds until one is quiet, or there were too many. */
async function rounds(world: World): Promise<void> {
  for (let round = 1; ; round++) {
    // What is still under way from before may carry something after a quiet round.
    while (world.isBusy) await pause(world);
    const before = world.batches;
    const runs = await Promise.all(world.links.map((link) => world.runLink(link)));
    const allOk = runs.every((run) => run?.outcome === "ok");
    if (allOk && world.batches === before) return;
    if (round === ROUNDS_MAX) {
      const detail = `after ${round} rounds of syncs without faults, something still moves`;
      world.report({ invariant: "settles", detail });
    }
    if (!allOk) await pause(world);
  }
}

function pause(world: World): Promise<void> {
  return new Promise((resolve) => {
    world.scheduler.after(RETRY_MS, resolve);
  });
}

/**
 * The second phase: the world settles, everybody stops and starts, and it settles again, which must
 * not move anything: what is durable is all there is. Every invariant is checked both times.
 */
export async function settleAndCheck(world: World): Promise<void> {
  if (!(await healAndSettle(world))) return;
  await check(world, 0);
  if (world.isBroken) return;
  for (const name of world.instances.keys()) world.crash(name);
  const before = world.batches;
  if (await healAndSettle(world)) await check(world, world.batches - before);
}

async function check(world: World, batchesSinceQuiet: number): Promise<void> {
  const state = await readState(world, batchesSinceQuiet);
  for (const [invariant, checker] of Object.entries(CHECKERS)) {
    for (const detail of checker(state)) world.report({ invariant, detail });
  }
}
