import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Action, actionKind } from "../format/actions.ts";
import type { During } from "../format/faults.ts";
import { CLOCK_DEFAULT, timeMs } from "../format/fields.ts";
import type { Scenario, Step } from "../format/scenario.ts";
import { isChange } from "../run/changes.ts";
import { checkAll } from "../run/check.ts";
import { type Failure, type Miss, missLines, StepFailed } from "../run/failure.ts";
import { failuresThatCount } from "../run/sync-outcome.ts";
import { isLive } from "../world/live-links.ts";
import { performReal } from "./perform-real.ts";
import { endsOf } from "./real-ends.ts";
import { RealFaults, SPEED } from "./real-faults.ts";
import { realSyncStep, untilLiveInStep, untilScheduledRan } from "./real-sync.ts";
import { RealWorld } from "./real-world.ts";
import { healReal, settleAndCheckReal } from "./settle-real.ts";

/** What live links get between two steps: a tenth of the timeline's time, in these bounds. */
const LIVE_MS_MIN = 10_000;
const LIVE_MS_MAX = 60_000;

/** How one run with real processes went. */
export interface RealRun {
  /** What did not come about; empty when all is well. */
  readonly failures: readonly Failure[];
  readonly timeline: string;
  /** What was to happen amid syncs, and did. */
  readonly happened: ReadonlySet<During>;
  /** What each instance shows at the end; empty unless asked for. */
  readonly ends: Readonly<Record<string, readonly string[]>>;
}

export interface RealRunOptions {
  /** Only what `finally` says and checks marked `always`: for runs of a family. */
  readonly isVariant?: boolean;
  /** The order in which the steps are played; the clocks show the times of the file. */
  readonly order?: readonly number[] | undefined;
  /** Tells what each instance shows at the end. */
  readonly tellsEnds?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Plays a scenario once with real processes, in a folder that is removed. Throws only what is no
 * fault of what is played, and the reason of the signal.
 */
export async function runReal(scenario: Scenario, options: RealRunOptions = {}): Promise<RealRun> {
  const root = await mkdtemp(join(tmpdir(), "syncline-real-"));
  let world: RealWorld | undefined;
  try {
    const clock = scenario.clock ?? CLOCK_DEFAULT;
    world = await RealWorld.create(scenario, root, Date.parse(clock));
    const play = new RealPlay(scenario, world, options);
    await untilAborted(play.all(clock), options.signal);
    const ends = options.tellsEnds === true ? await endsOf(world) : {};
    const timeline = world.trace.print(Date.parse(clock));
    return { failures: play.failures, timeline, happened: play.happened, ends };
  } finally {
    await world?.close();
    await rm(root, { recursive: true, force: true });
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal?.removeEventListener("abort", stop));
  });
}

class RealPlay {
  readonly failures: Failure[] = [];
  readonly #scenario: Scenario;
  readonly #world: RealWorld;
  readonly #faults: RealFaults;
  readonly #options: RealRunOptions;
  /** How far the timeline was played. */
  #reachedMs = 0;

  constructor(scenario: Scenario, world: RealWorld, options: RealRunOptions) {
    this.#scenario = scenario;
    this.#world = world;
    this.#options = options;
    this.#faults = new RealFaults(world);
  }

  async all(clock: string): Promise<void> {
    let at = "start";
    try {
      for (const step of this.#steps()) {
        at = step.at;
        await this.#inItsTime(step, timeMs(at, clock) - Date.parse(clock));
      }
      at = "finally";
      await this.#finally();
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      this.#fail(at, [error.message]);
    }
  }

  get happened(): ReadonlySet<During> {
    return this.#faults.happened;
  }

  #steps(): readonly Step[] {
    const { timeline } = this.#scenario;
    return this.#options.order?.map((place) => timeline[place] as Step) ?? timeline;
  }

  /** Plays a step; where it comes late in another order, the clocks go back for it. */
  async #inItsTime(step: Step, ms: number): Promise<void> {
    const world = this.#world;
    await this.#passTo(ms);
    world.trace.add("*", `=== ${step.at}`);
    if (this.#options.order === undefined) return this.#play(step);
    await world.beLate(Math.max(0, world.nowMs - ms));
    await this.#play(step);
    await world.beLate(0);
  }

  /** Time passes: faults end that are over by then, and live links get in step. */
  async #passTo(ms: number): Promise<void> {
    const aheadMs = ms - this.#world.nowMs;
    this.#faults.heal(ms);
    await this.#world.chores();
    const liveMs = Math.min(Math.max(aheadMs / SPEED, LIVE_MS_MIN), LIVE_MS_MAX);
    // Also where the clocks are past it: what happened in the step before has to be carried.
    if (ms > this.#reachedMs) await untilLiveInStep(this.#world, liveMs);
    this.#reachedMs = Math.max(this.#reachedMs, ms);
    await this.#world.goTo(ms);
    await untilScheduledRan(this.#world, LIVE_MS_MIN);
  }

  async #play(step: Step): Promise<void> {
    const { isVariant = false } = this.#options;
    if ("do" in step) {
      await this.#do(step.do);
    } else if ("check" in step) {
      if (isVariant && step.always !== true) return;
      this.#fail(step.at, await checkAll(this.#world, step.check));
    } else {
      const failures = await realSyncStep(this.#world, this.#faults, step);
      this.#fail(step.at, failuresThatCount(failures, step, isVariant));
    }
  }

  /** What people do in one step they do at one moment: no live link carries any of it before the end. */
  async #do(actions: readonly Action[]): Promise<void> {
    const areChanges = actions.every((action) => isChange(actionKind(action)));
    const live = areChanges ? this.#world.links.filter(isLive) : [];
    for (const { proxy } of live) proxy.hold();
    try {
      for (const action of actions) await performReal(this.#world, action, this.#faults);
    } finally {
      for (const { proxy } of live) proxy.letGo();
    }
  }

  async #finally(): Promise<void> {
    const { finally: ending } = this.#scenario;
    if (ending === undefined) return;
    if (ending.sync !== undefined || ending.invariants !== undefined) {
      this.#fail("finally", await settleAndCheckReal(this.#world, this.#faults));
    } else if (ending.heal === true) await healReal(this.#world, this.#faults);
    const { heal: _heal, sync: _sync, invariants: _invariants, ...checks } = ending;
    this.#fail("finally", await checkAll(this.#world, checks));
  }

  #fail(at: string, misses: readonly (string | Miss)[]): void {
    for (const one of misses) {
      const miss = typeof one === "string" ? { message: one } : one;
      for (const line of missLines(miss)) this.#world.trace.add("*", line);
      this.failures.push({ at, ...miss });
    }
  }
}
