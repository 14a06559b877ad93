import { BASE, varied } from "../format/families.ts";
import { SEED_DEFAULT } from "../format/fields.ts";
import type { Scenario } from "../format/scenario.ts";
import type { Skipped } from "../report/result.ts";
import type { FamilyRun } from "../run/run-family.ts";
import { unplayable } from "./playable.ts";
import { runReal } from "./run-real.ts";

export interface RealFamilyReport {
  readonly labels: readonly string[];
  readonly failed: readonly FamilyRun[];
  readonly skipped: readonly Skipped[];
}

/** Plays a scenario and what it varies with real processes; the rest of its family is skipped. */
export async function runRealFamily(
  scenario: Scenario,
  {
    only,
    signal,
  }: { readonly only?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<RealFamilyReport> {
  const failed: FamilyRun[] = [];
  const skipped: Skipped[] = only === undefined ? skippedOf(scenario) : [];
  const labels: string[] = [];
  for (const one of [{ label: BASE, scenario }, ...varied(scenario)]) {
    if (only !== undefined && only !== one.label) continue;
    const [fault] = unplayable(one.scenario);
    if (fault !== undefined) {
      skipped.push({ label: one.label, reason: fault.message });
      continue;
    }
    const isVariant = one.label !== BASE;
    const { failures, timeline } = await runReal(one.scenario, { isVariant, signal });
    const { seed = SEED_DEFAULT } = one.scenario;
    labels.push(one.label);
    if (failures.length > 0) failed.push({ label: one.label, seed, failures, timeline });
  }
  return { labels, failed, skipped };
}

/** The runs of the family that only the simulated world can play. */
function skippedOf({ permute, sweep = [] }: Scenario): Skipped[] {
  const orders =
    permute === undefined
      ? []
      : [
          {
            label: `permute ${permute.join(" ")}`,
            reason: "real clocks cannot show other times than those at which things are done",
          },
        ];
  return [
    ...orders,
    ...sweep.map((one) => {
      const what = "crash" in one ? `crash ${one.crash}` : `cut ${one.cut.join(" ")}`;
      const label = `sweep ${one.during} ${what} ${one.at}`;
      return { label, reason: "each moment needs a world that is the same each time" };
    }),
  ];
}
