import { isDeepStrictEqual } from "node:util";
import { BASE, permuted, type Variant, varied } from "../format/families.ts";
import { SEED_DEFAULT } from "../format/fields.ts";
import type { Scenario, Sweep } from "../format/scenario.ts";
import { playSweep } from "../run/play-sweep.ts";
import type { FamilyRun } from "../run/run-family.ts";
import { diffLines } from "../run/value-diff.ts";
import { type RealRun, runReal } from "./run-real.ts";

export interface RealFamilyOptions {
  /** Only the run of that label. */
  readonly only?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RealFamilyReport {
  readonly labels: readonly string[];
  readonly failed: readonly FamilyRun[];
}

/** Plays a scenario and its family with real processes. */
export async function runRealFamily(
  scenario: Scenario,
  { only, signal }: RealFamilyOptions = {},
): Promise<RealFamilyReport> {
  const family = new RealFamily(only, signal);
  const isWanted = ({ label }: Variant): boolean => only === undefined || only === label;
  const orders = permuted(scenario).filter(isWanted);
  const base: Variant = { label: BASE, scenario };
  const first =
    isWanted(base) || orders.length > 0 ? await family.play(base, orders.length > 0) : undefined;
  if (first !== undefined && isWanted(base)) family.note(base, first);
  for (const one of varied(scenario).filter(isWanted)) family.note(one, await family.play(one));
  for (const one of orders) {
    const run = await family.play(one, true);
    if (first !== undefined) family.note(one, sameEnd(first, run));
  }
  for (const sweep of scenario.sweep ?? []) await family.sweep(scenario, sweep);
  const { labels, failed } = family;
  return { labels, failed };
}

class RealFamily {
  readonly labels: string[] = [];
  readonly failed: FamilyRun[] = [];
  readonly #only: string | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(only: string | undefined, signal: AbortSignal | undefined) {
    this.#only = only;
    this.#signal = signal;
  }

  play({ label, scenario, order }: Variant, tellsEnds = false): Promise<RealRun> {
    const isVariant = label !== BASE;
    return runReal(scenario, { isVariant, order, tellsEnds, signal: this.#signal });
  }

  note({ label, scenario: { seed = SEED_DEFAULT } }: Variant, run: RealRun): void {
    this.labels.push(label);
    const { failures, timeline } = run;
    if (failures.length > 0) this.failed.push({ label, seed, failures, timeline });
  }

  async sweep(scenario: Scenario, sweep: Sweep): Promise<void> {
    const play = ({ scenario: one }: Variant): Promise<RealRun> =>
      runReal(one, { isVariant: true, signal: this.#signal });
    const note = (variant: Variant, run: RealRun): void => this.note(variant, run);
    await playSweep(scenario, sweep, { only: this.#only, play, note });
  }
}

/** In whatever order the steps were played, all instances show the same as after the base run. */
export function sameEnd(base: RealRun, run: RealRun): RealRun {
  if (run.failures.length > 0 || isDeepStrictEqual(run.ends, base.ends)) return run;
  const message = "the order of the steps matters: the instances end in another state";
  return { ...run, failures: [{ at: "finally", message, diff: diffLines(base.ends, run.ends) }] };
}
