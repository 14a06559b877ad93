import { CHECKERS } from "../checkers/all.ts";
import { NO_FAULTS } from "./faults.ts";
import { readState } from "./read-state.ts";
import type { World } from "./world.ts";

/** How long a healed network may take until everybody has everything. */
export const SETTLE_MS_MAX = 120_000;
/** Rounds of all links until one is quiet: a chain of four needs four. */
const ROUNDS_MAX = 12;
const RETRY_MS = 1_000;

/** What a settled network showed. */
export interface Settled {
  /** BATCH frames that the last round sent. */
  readonly batchesInLastRound: number;
}

/**
 * Ends all faults, starts everybody, and runs all links, round by round, until a whole round carries
 * nothing. Undefined when that takes too long: that is a violation of its own.
 */
export async function healAndSettle(world: World): Promise<Settled | undefined> {
  world.faults = NO_FAULTS;
  world.trace.add("*", "the network heals");
  for (const name of world.instances.keys()) world.start(name);
  const progress: { settled?: Settled } = {};
  void rounds(world).then((settled) => {
    progress.settled = settled;
  });
  await world.scheduler.run({
    timeMs: world.scheduler.nowMs + SETTLE_MS_MAX,
    done: () => world.isBroken || progress.settled !== undefined,
  });
  if (progress.settled === undefined && !world.isBroken) {
    const detail = `after ${SETTLE_MS_MAX / 1000} seconds without faults, something still moves`;
    world.report({ invariant: "settles", detail });
  }
  return progress.settled;
}

/** Rounds until one is quiet, or there were too many. */
async function rounds(world: World): Promise<Settled> {
  for (let round = 1; ; round++) {
    // What is still under way from before may carry something after a quiet round.
    while (world.isBusy) await pause(world);
    const before = world.batches;
    const runs = await Promise.all(world.links.map((link) => world.runLink(link)));
    const batchesInLastRound = world.batches - before;
    const allOk = runs.every((run) => run?.outcome === "ok");
    if (allOk && batchesInLastRound === 0) return { batchesInLastRound };
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

/** Lets the world settle, and checks every invariant. */
export async function settleAndCheck(world: World): Promise<void> {
  const settled = await healAndSettle(world);
  if (settled === undefined) return;
  const state = await readState(world, settled.batchesInLastRound);
  for (const [invariant, check] of Object.entries(CHECKERS)) {
    for (const detail of check(state)) world.report({ invariant, detail });
  }
}

/** Stops and starts everybody: what is durable must be all there is. */
export function restartAll(world: World): void {
  for (const name of world.instances.keys()) world.crash(name);
  for (const name of world.instances.keys()) world.start(name);
}
