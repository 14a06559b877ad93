import { isDeepStrictEqual } from "node:util";
import { BASE, permuted, type Variant, varied } from "../format/families.ts";
import { SEED_DEFAULT } from "../format/fields.ts";
import type { Scenario } from "../format/scenario.ts";
import type { Failure } from "./failure.ts";
import { playSweep } from "./play-sweep.ts";
import { runScenario, type ScenarioRun } from "./run-scenario.ts";

/** A run of the family that failed, or the base run. */
export interface FamilyRun {
  /** `base`, or what the run varies. */
  readonly label: string;
  readonly seed: number;
  readonly failures: readonly Failure[];
  readonly timeline: string;
}

export interface FamilyReport {
  readonly base: ScenarioRun;
  /** The labels of all runs, that of the base run included. */
  readonly labels: readonly string[];
  readonly failed: readonly FamilyRun[];
}

export interface FamilyOptions {
  /** Only the run of that label. */
  readonly only?: string | undefined;
  readonly onRun?: ((label: string) => void) | undefined;
}

/** Plays a scenario, then all the runs that it describes besides. */
export async function runFamily(
  scenario: Scenario,
  { only, onRun }: FamilyOptions = {},
): Promise<FamilyReport> {
  const base = await runScenario(scenario);
  const failed: FamilyRun[] = [];
  const labels: string[] = [];
  const isWanted = (label: string): boolean => only === undefined || only === label;
  const note = (one: Variant, { failures, timeline }: ScenarioRun): void => {
    labels.push(one.label);
    onRun?.(one.label);
    const { seed = SEED_DEFAULT } = one.scenario;
    if (failures.length > 0) failed.push({ label: one.label, seed, failures, timeline });
  };
  if (isWanted(BASE)) note({ label: BASE, scenario }, base);
  for (const variant of varied(scenario)) {
    if (isWanted(variant.label)) note(variant, await runVariant(variant));
  }
  for (const variant of permuted(scenario)) {
    if (isWanted(variant.label)) note(variant, sameEnd(base, await runVariant(variant)));
  }
  for (const sweep of scenario.sweep ?? []) {
    await playSweep(scenario, sweep, { only, play: runVariant, note });
  }
  return { base, labels, failed };
}

function runVariant({ scenario, order }: Variant): Promise<ScenarioRun> {
  return runScenario(scenario, { isVariant: true, ...(order === undefined ? {} : { order }) });
}

/** In whatever order the steps were played, all instances end as in the base run. */
function sameEnd(base: ScenarioRun, run: ScenarioRun): ScenarioRun {
  if (run.failures.length > 0 || isDeepStrictEqual(run.digests, base.digests)) return run;
  const message = "the order of the steps matters: the instances end in another state";
  return { ...run, failures: [{ at: "finally", message }] };
}
