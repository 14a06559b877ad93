import type { Json, JsonObject } from "../../../src/base/json.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import type { Action } from "../../../src/scenario/format/actions.ts";
import { checkNames } from "../../../src/scenario/format/check-names.ts";
import type { DoStep, Scenario, Step, SyncStep } from "../../../src/scenario/format/scenario.ts";
import type { Failure } from "../../../src/scenario/run/failure.ts";
import { runScenario } from "../../../src/scenario/run/run-scenario.ts";
import type { Planted } from "../../../src/scenario/world/simulated-instance.ts";
import { type Budget, reduce } from "./reduce.ts";
import { partsOf, repairedAt } from "./repair.ts";

/** A step that a seed does may not be possible in the order of a scenario: so often one is dropped. */
const REPAIRS_MAX = 40;

/** Which invariant has to fail, with which faults of the program. */
export interface Sought {
  readonly invariant: string;
  readonly planted: Planted;
}

/**
 * The smallest scenario that fails as a seed did; undefined when the scenario of the seed does not:
 * then it takes something that scenarios have no words for.
 */
export async function shrinkScenario(
  told: Scenario,
  sought: Sought,
  budget: Budget,
): Promise<Scenario | undefined> {
  let scenario = await playable(told, sought, budget);
  if (scenario === undefined) return undefined;
  const fails = async (smaller: Scenario): Promise<boolean> => {
    if (smaller.timeline.length === 0 || Object.keys(smaller.instances).length < 1) return false;
    return failsCleanly(await failuresOf(smaller, sought), sought);
  };
  for (const pass of PASSES) scenario = await pass(scenario, budget, fails);
  return scenario;
}

type Fails = (smaller: Scenario) => Promise<boolean>;
type Pass = (scenario: Scenario, budget: Budget, fails: Fails) => Promise<Scenario>;

const PASSES: readonly Pass[] = [withFewerSteps, withFewerInstances, withFewerLinks];

async function withFewerSteps(scenario: Scenario, budget: Budget, fails: Fails) {
  const timeline = await reduce(scenario.timeline, budget, (rest) =>
    fails({ ...scenario, timeline: rest }),
  );
  return await withSmallerSteps({ ...scenario, timeline }, budget, fails);
}

async function withFewerInstances(scenario: Scenario, budget: Budget, fails: Fails) {
  const names = await reduce(Object.keys(scenario.instances), budget, (rest) =>
    fails(among(scenario, new Set(rest))),
  );
  const small = among(scenario, new Set(names));
  const plain = Object.fromEntries(names.map((name) => [name, {}]));
  return (await fails({ ...small, instances: plain })) ? { ...small, instances: plain } : small;
}

async function withFewerLinks(scenario: Scenario, budget: Budget, fails: Fails) {
  const { links = [] } = scenario;
  const kept = await reduce(links, budget, (rest) => fails({ ...scenario, links: rest }));
  return { ...scenario, links: kept };
}

/** Each step without what may be left out of it, and with plainer values. */
async function withSmallerSteps(scenario: Scenario, budget: Budget, fails: Fails) {
  let small = scenario;
  for (let at = 0; at < small.timeline.length; at++) {
    for (const step of smallerThan(small.timeline[at] as Step)) {
      const smaller = { ...small, timeline: small.timeline.with(at, step) };
      if (budget.take() && (await fails(smaller))) {
        small = smaller;
        at -= 1;
        break;
      }
    }
  }
  return small;
}

function smallerThan(step: Step): Step[] {
  if ("sync" in step) return smallerSyncs(step);
  if (!("do" in step)) return [];
  const [action] = (step as DoStep).do;
  return action === undefined ? [] : smallerActions(action).map((one) => ({ ...step, do: [one] }));
}

function smallerSyncs(step: SyncStep): Step[] {
  const { during = [], expect, ...plain } = step;
  if (during.length === 0 && expect === undefined) return [];
  const fewer = during.length < 2 ? [] : during.map((_, at) => during.toSpliced(at, 1));
  return [
    plain,
    ...(expect === undefined || during.length === 0 ? [] : [{ ...plain, during }]),
    ...fewer.map((rest) => ({ ...step, during: rest })),
  ];
}

function smallerActions(action: Action): Action[] {
  if ("changeset" in action) {
    const { changeset } = action;
    if (changeset.length < 2) return [...partsOf(action)];
    return changeset.map((_, at) => ({ ...action, changeset: changeset.toSpliced(at, 1) }));
  }
  if (!("value" in action) || !isJsonObject(action.value)) return [];
  return smallerValues(action.value).map((value) => ({ ...action, value }) as Action);
}

const PLAIN = "x";

function smallerValues(value: JsonObject): JsonObject[] {
  return Object.entries(value).flatMap(([key, member]): JsonObject[] => {
    if (key === "id") return [];
    const { [key]: _, ...rest } = value;
    const isPlain = typeof member !== "string" || member.length <= PLAIN.length;
    return isPlain ? [rest] : [rest, { ...value, [key]: PLAIN as Json }];
  });
}

/** What is left of a scenario among some of its instances. */
function among(scenario: Scenario, names: ReadonlySet<string>): Scenario {
  const isThere = (name: string): boolean => names.has(name);
  const { instances, links = [], timeline } = scenario;
  return {
    ...scenario,
    instances: Object.fromEntries(Object.entries(instances).filter(([name]) => isThere(name))),
    links: links.filter(({ from, to }) => isThere(from) && isThere(to)),
    timeline: timeline.flatMap((step) => stepAmong(step, isThere)),
  };
}

function stepAmong(step: Step, isThere: (name: string) => boolean): readonly Step[] {
  if ("do" in step) return step.do.every(({ on }) => isThere(on)) ? [step] : [];
  if (!("sync" in step)) return [step];
  if (step.sync !== "all" && !step.sync.every(isThere)) return [];
  const { during = [], ...plain } = step;
  const left = during.filter((one) => {
    if ("do" in one) return one.do.every(({ on }) => isThere(on));
    const { for: _, by: __, bytesPerSecond: ___, ...who } = one.fault as Record<string, unknown>;
    return Object.values(who)
      .flat()
      .every((name) => isThere(String(name)));
  });
  return [left.length === 0 ? plain : { ...plain, during: left }];
}

/** The scenario without what cannot be done in it, when it fails as it should then. */
async function playable(
  told: Scenario,
  sought: Sought,
  budget: Budget,
): Promise<Scenario | undefined> {
  let scenario = told;
  for (let repair = 0; repair < REPAIRS_MAX && budget.take(); repair++) {
    const failures = await failuresOf(scenario, sought);
    if (failsCleanly(failures, sought)) return scenario;
    const others = failures.filter((one) => !isSought(one, sought));
    const repaired = others.reduce((rest, one) => repairedAt(rest, one), scenario);
    if (repaired === scenario) return undefined;
    scenario = repaired;
  }
  return undefined;
}

/** Nothing is wrong but the invariant, and what else goes wrong in that step with it. */
function failsCleanly(failures: readonly Failure[], sought: Sought): boolean {
  const found = failures.find((one) => isSought(one, sought));
  return found !== undefined && failures.every(({ at }) => at === found.at);
}

function isSought({ message }: Failure, { invariant }: Sought): boolean {
  return message.startsWith(`${invariant}: `);
}

async function failuresOf(scenario: Scenario, { planted }: Sought): Promise<readonly Failure[]> {
  const [invalid] = checkNames(scenario);
  if (invalid !== undefined) return [{ at: "start", message: invalid.message }];
  try {
    return (await runScenario(scenario, { planted })).failures;
  } catch (error) {
    return [{ at: "start", message: String(error) }];
  }
}
