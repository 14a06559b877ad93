import { isSynclineError } from "../../base/errors.ts";
import { systemClock } from "../../base/ports/clock.ts";
import { CHECKERS, DEEP_CHECKERS } from "../checkers/all.ts";
import type { WorldState } from "../checkers/world-state.ts";
import type { Ended } from "../world/live-links.ts";
import { readReal } from "./read-real.ts";
import type { RealFaults } from "./real-faults.ts";
import { carryReal, pause } from "./real-sync.ts";
import type { RealWorld } from "./real-world.ts";

/** How long a healed network may take until nothing moves. */
const SETTLE_MS_MAX = 60_000;
/** What only those can check who watch every commit. */
const WATCHED: ReadonlySet<string> = new Set(["dense-sequences", "counted-once"]);

/**
 * Ends all faults, starts everybody and runs all links until nothing moves; kills everybody, starts
 * them again, and nothing may move. Returns what does not hold of what has to hold then.
 */
export async function settleAndCheckReal(
  world: RealWorld,
  faults: RealFaults,
): Promise<readonly string[]> {
  const first = await settle(world, faults);
  if (first !== undefined) return [first];
  const found = await failuresOf(await readReal(world, 0));
  if (found.length > 0) return found;
  await Promise.all(world.names.map((name) => world.crash(name)));
  const before = world.batches;
  const again = await settle(world, faults);
  if (again !== undefined) return [again];
  return failuresOf(await readReal(world, world.batches - before));
}

/** All faults end, and everybody is up. */
export async function healReal(world: RealWorld, faults: RealFaults): Promise<void> {
  world.trace.add("*", "the network heals");
  faults.heal();
  await world.chores();
  await Promise.all(world.names.map((name) => world.start(name)));
}

/** Undefined when all came to rest. */
async function settle(world: RealWorld, faults: RealFaults): Promise<string | undefined> {
  await healReal(world, faults);
  const endMs = systemClock.monotonicMs() + SETTLE_MS_MAX;
  while (systemClock.monotonicMs() < endMs) {
    const before = world.batches;
    const runs = await Promise.all(world.links.map((link) => carryReal(world, link)));
    const allOk = runs.every((run) => run?.outcome === "ok");
    if (allOk && world.batches === before) return undefined;
    await adoptWhereRefused(world, runs);
    if (!allOk) await pause();
  }
  return `settles: after ${SETTLE_MS_MAX / 1000} seconds without faults, something still moves`;
}

/** On both sides of a link that refuses, people take over the other's policy. */
async function adoptWhereRefused(
  world: RealWorld,
  runs: readonly (Ended | undefined)[],
): Promise<void> {
  for (const [at, { source, target }] of world.links.entries()) {
    if (runs[at]?.error?.code !== "POLICY_CONFLICT") continue;
    for (const [who, from] of [
      [source, target],
      [target, source],
    ] as const) {
      const desk = await world.desk(who);
      const { instance } = world.look(from).identity;
      await desk.adoptPolicy(instance, { author: "ann" }).catch((error) => {
        if (!isSynclineError(error, "POLICY_CONFLICT")) throw error;
      });
    }
  }
}

async function failuresOf(state: WorldState): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const [invariant, checker] of Object.entries({ ...CHECKERS, ...DEEP_CHECKERS })) {
    if (WATCHED.has(invariant)) continue;
    for (const detail of await checker(state)) failures.push(`${invariant}: ${detail}`);
  }
  return failures;
}
