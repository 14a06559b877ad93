import type { Edition } from "../../log/edition.ts";
import { CHECKERS, DEEP_CHECKERS } from "../checkers/all.ts";
import type { Checker, WorldState } from "../checkers/world-state.ts";
import { checkIndexes } from "./check-indexes.ts";
import { heal } from "./heal.ts";
import { carry } from "./live-links.ts";
import { forgetSpoiled } from "./mend.ts";
import { mendWhereRefused } from "./people.ts";
import { readState, verified } from "./read-state.ts";
import type { World } from "./world.ts";

/** What the second phase does beside. */
export interface SettleOptions {
  /** Where versions of the program are mixed, everybody is updated to this one in the end. */
  readonly updateTo?: Edition;
}

/** Invariants by name. */
type Checkers = Readonly<Record<string, Checker>>;

/** How long a healed network may take until everybody has everything. */
export const SETTLE_MS_MAX = 120_000;
/** Rounds of all links until one is quiet: a chain of four needs four. */
const ROUNDS_MAX = 12;
/** Two that go by one id are told apart when one of them comes again after the other. */
const QUIET_ROUNDS_OF_COPIES = 3;
const RETRY_MS = 1_000;

/**
 * Ends all faults, starts everybody, and runs all links, round by round, until a whole round carries
 * nothing. False when that takes too long: that is a violation of its own.
 */
async function healAndSettle(world: World): Promise<boolean> {
  heal(world);
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

/** Rounds until one is quiet (several, while copies go by one id), or there were too many. */
async function rounds(world: World): Promise<void> {
  for (let round = 1, quiet = 0; ; round++) {
    // What is still under way from before may carry something after a quiet round.
    while (world.isBusy) await pause(world);
    const before = movesOf(world);
    const runs = await Promise.all(world.links.map((link) => carry(world, link)));
    if (world.isBroken) return;
    const allOk = runs.every((run) => run?.outcome === "ok");
    quiet = allOk && movesOf(world) === before ? quiet + 1 : 0;
    const isQuiet = quiet >= (hasCopies(world) ? QUIET_ROUNDS_OF_COPIES : 1);
    if (isQuiet) return await forgetSpoiled(world);
    if (round === ROUNDS_MAX) {
      const detail = `after ${round} rounds of syncs without faults, something still moves`;
      world.report({ invariant: "settles", detail });
    }
    if (world.isBroken) return;
    await mendWhereRefused(world, runs);
    if (!allOk) await pause(world);
  }
}

function hasCopies({ instances }: World): boolean {
  const ids = [...instances.values()].map(({ identity }) => identity.instance);
  return new Set(ids).size < ids.length;
}

/** Grows as long as something moves. */
function movesOf({ network, watch, removals }: World): number {
  return network.batches + watch.policyMoves + watch.authorings + removals.drops;
}

function pause(world: World): Promise<void> {
  return new Promise((resolve) => {
    world.scheduler.after(RETRY_MS, resolve);
  });
}

/**
 * The second phase: the world settles, everybody stops and starts, and it settles again, which must
 * not move anything: what is durable is all there is, and an update authors nothing. The invariants
 * are checked both times; those that take long, once, or where versions of the program are mixed also
 * before everybody is updated.
 */
export async function settleAndCheck(
  world: World,
  { updateTo }: SettleOptions = {},
): Promise<void> {
  if (!(await healAndSettle(world))) return;
  await checkIndexes(world);
  const first = await readState(world, 0);
  await check(world, first, CHECKERS);
  const isMixed = new Set([...first.instances.values()].map(({ version }) => version)).size > 1;
  if (isMixed) await checkDeep(world, first);
  if (world.isBroken) return;
  if (isMixed && updateTo !== undefined) {
    for (const name of world.instances.keys()) world.update(name, updateTo);
    // What is shown only now may enter the scope of a link, or leave it.
    const isWhole = world.links.every((link) => link.scope === undefined);
    if (!isWhole && !(await healAndSettle(world))) return;
  }
  for (const name of world.instances.keys()) world.crash(name);
  const before = movesOf(world);
  if (!(await healAndSettle(world))) return;
  await checkIndexes(world);
  const state = await readState(world, movesOf(world) - before);
  await check(world, state, CHECKERS);
  await checkDeep(world, state);
}

/**
 * The second phase of live links: nobody runs anything, and after some time everybody has everything.
 * Quiet they are then too: nothing but PINGs goes on.
 */
export async function settleLiveAndCheck(world: World): Promise<void> {
  heal(world);
  const done = (): boolean => world.isBroken;
  const pass = (): Promise<boolean> =>
    world.scheduler.run({ timeMs: world.scheduler.nowMs + SETTLE_MS_MAX, done });
  await pass();
  const before = movesOf(world);
  await pass();
  await checkIndexes(world);
  if (world.isBroken) return;
  const state = await readState(world, movesOf(world) - before);
  await check(world, state, CHECKERS);
  await checkDeep(world, state);
}

async function checkDeep(world: World, state: WorldState): Promise<void> {
  if (world.isBroken) return;
  await check(world, await verified(world, state), DEEP_CHECKERS);
}

async function check(world: World, state: WorldState, checkers: Checkers): Promise<void> {
  for (const [invariant, checker] of Object.entries(checkers)) {
    for (const detail of await checker(state)) world.report({ invariant, detail });
  }
}
