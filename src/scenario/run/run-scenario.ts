import type { JsonObject } from "../../base/json.ts";
import { type Action, actionKind } from "../format/actions.ts";
import type { During } from "../format/faults.ts";
import { CLOCK_DEFAULT, durationMs, SEED_DEFAULT, timeMs } from "../format/fields.ts";
import type { Scenario, Step } from "../format/scenario.ts";
import { editionOf } from "../world/editions.ts";
import { heal } from "../world/heal.ts";
import type { PlannedLink } from "../world/links.ts";
import { keepRunning } from "../world/live-links.ts";
import { settleAndCheck } from "../world/settle.ts";
import type { Planted } from "../world/simulated-instance.ts";
import { World } from "../world/world.ts";
import { checkAll } from "./check.ts";
import { type Failure, type Miss, missLines, StepFailed } from "./failure.ts";
import { perform } from "./perform.ts";
import { plannedLinks } from "./planned-links.ts";
import { ScriptedFaults } from "./scripted-faults.ts";
import { Stage } from "./stage.ts";
import { failuresThatCount } from "./sync-outcome.ts";
import { syncStep } from "./sync-step.ts";

/** How one run of a scenario went. */
export interface ScenarioRun {
  /** What did not come about; empty when all is well. */
  readonly failures: readonly Failure[];
  /** What happened, in virtual time, line by line. */
  readonly timeline: string;
  /** Equal for two runs of one scenario. */
  readonly traceHash: string;
  readonly virtualMs: number;
  /** The state digest of each instance at the end. */
  readonly digests: Readonly<Record<string, string>>;
  /** What was to happen amid syncs, and did. */
  readonly happened: ReadonlySet<During>;
}

export interface RunOptions {
  /** Only what `finally` says and checks marked `always`: for runs of a family. */
  readonly isVariant?: boolean;
  /** The order in which the steps are played; their clocks show the times of the file. */
  readonly order?: readonly number[];
  /** Faults of stores that are known, for tests of what finds them. */
  readonly planted?: Planted;
}

/** Plays a scenario once in the simulated world. Never throws for what goes wrong in it. */
export async function runScenario(
  scenario: Scenario,
  options: RunOptions = {},
): Promise<ScenarioRun> {
  const play = new Play(scenario, options);
  await play.all();
  return await play.end();
}

class Play {
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #world: World;
  readonly #stage: Stage;
  readonly #faults: ScriptedFaults;
  readonly #failures: Failure[] = [];
  readonly #clock: string;

  constructor(scenario: Scenario, options: RunOptions) {
    const inFiles = new Set(
      Object.keys(scenario.instances).filter(
        (name) => scenario.instances[name]?.store === "sqlite",
      ),
    );
    this.#scenario = scenario;
    this.#options = options;
    this.#clock = scenario.clock ?? CLOCK_DEFAULT;
    const isThere = (name: string): boolean => Object.hasOwn(scenario.instances, name);
    const links = plannedLinks(scenario.links ?? []);
    const isLater = (link: PlannedLink): boolean => !isThere(link.source) || !isThere(link.target);
    this.#world = new World({
      seed: scenario.seed ?? SEED_DEFAULT,
      instances: Object.keys(scenario.instances),
      links: links.filter((link) => !isLater(link)),
      epochMs: Date.parse(this.#clock),
      pageRevisionsMax: 100,
      planted: options.planted ?? {},
      keepTrace: true,
      editions: new Map(
        Object.entries(scenario.instances).map(([name, spec]) => [name, editionOf(spec)]),
      ),
      sqlite: inFiles,
      indexed: inFiles,
    });
    this.#stage = new Stage(this.#world, links.filter(isLater));
    this.#faults = new ScriptedFaults(this.#world);
    this.#world.faults = this.#faults;
  }

  async all(): Promise<void> {
    let at = "start";
    try {
      await this.#setUp();
      for (const step of this.#steps()) {
        at = step.at;
        await this.#inItsTime(step, () => this.#play(step));
        if (this.#world.isBroken) break;
      }
      at = "finally";
      await this.#finally();
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      this.#fail(at, [error.message]);
    }
    for (const { invariant, detail } of this.#world.violations) {
      this.#failures.push({ at, message: `${invariant}: ${detail}` });
    }
  }

  async end(): Promise<ScenarioRun> {
    const { trace, scheduler, instances } = this.#world;
    const digests: Record<string, string> = {};
    for (const instance of instances.values()) {
      digests[instance.name] = await instance.durable.digest();
      instance.dispose();
    }
    return {
      digests,
      happened: this.#faults.happened,
      failures: this.#failures,
      timeline: trace.print(Date.parse(this.#clock)),
      traceHash: trace.digest(),
      virtualMs: scheduler.nowMs,
    };
  }

  async #setUp(): Promise<void> {
    const { instances, policy } = this.#scenario;
    for (const [name, { skew }] of Object.entries(instances)) {
      if (skew !== undefined) this.#world.get(name).clock.jump(durationMs(skew));
      this.#world.start(name);
    }
    for (const link of this.#world.links) await this.#world.addLink(link);
    if (policy !== undefined) await this.#agreeOn(policy);
    keepRunning(this.#world);
  }

  async #agreeOn(policy: JsonObject): Promise<void> {
    const [first = ""] = Object.keys(this.#scenario.instances);
    const change = { author: "operator", message: "", policy: this.#stage.policy(policy) };
    await this.#stage.done(this.#world.changePolicy(first, change));
    await this.#stage.sharePolicy(first);
  }

  #steps(): readonly Step[] {
    const { timeline } = this.#scenario;
    return this.#options.order?.map((place) => timeline[place] as Step) ?? timeline;
  }

  /** Lets time pass up to a step; where the step comes late, the clocks go back for it. */
  async #inItsTime({ at }: Step, play: () => Promise<void>): Promise<void> {
    const ms = timeMs(at, this.#clock) - Date.parse(this.#clock);
    const { scheduler, trace, instances } = this.#world;
    if (ms > scheduler.nowMs) await scheduler.run({ timeMs: ms });
    trace.add("*", `=== ${at}`);
    const late = this.#options.order === undefined ? 0 : scheduler.nowMs - ms;
    for (const { clock } of instances.values()) clock.jump(-late);
    await play();
    for (const { clock } of instances.values()) clock.jump(late);
  }

  async #play(step: Step): Promise<void> {
    if ("do" in step) {
      for (const action of step.do) await this.#act(action);
    } else if ("check" in step) {
      if (this.#options.isVariant === true && step.always !== true) return;
      // What a reader asks a search index may take it a moment.
      this.#fail(step.at, await this.#stage.done(checkAll(this.#stage, step.check)));
    } else {
      const failures = await syncStep(this.#stage, this.#faults, step);
      this.#fail(step.at, failuresThatCount(failures, step, this.#options.isVariant === true));
    }
  }

  async #act(action: Action): Promise<void> {
    this.#world.trace.add(action.on, `does: ${actionKind(action)} ${JSON.stringify(action)}`);
    await perform(this.#stage, action);
  }

  #fail(at: string, misses: readonly (string | Miss)[]): void {
    for (const one of misses) {
      const miss = typeof one === "string" ? { message: one } : one;
      for (const line of missLines(miss)) this.#world.trace.add("*", line);
      this.#failures.push({ at, ...miss });
    }
  }

  #stillDown(): readonly string[] {
    const down = [...this.#world.instances.values()].filter(({ running }) => running === undefined);
    return down.map(({ name }) => `${name} does not come up again`);
  }

  async #finally(): Promise<void> {
    const { finally: ending } = this.#scenario;
    if (ending === undefined) return;
    if (ending.sync !== undefined || ending.invariants !== undefined) {
      await settleAndCheck(this.#world);
    } else if (ending.heal === true) heal(this.#world);
    if (ending.heal === true) this.#fail("finally", this.#stillDown());
    const { heal: _heal, sync: _sync, invariants: _invariants, ...checks } = ending;
    this.#fail("finally", await this.#stage.done(checkAll(this.#stage, checks)));
  }
}
