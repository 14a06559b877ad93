import { permuted } from "./families.ts";
import type { Fault } from "./issues.ts";
import { areLinked } from "./linked.ts";
import type { Scenario, Step, Sweep, SyncStep } from "./scenario.ts";

/** Orders and sweeps that no run would come of, or only runs in which nothing happens. */
export function checkFamilies(scenario: Scenario): readonly Fault[] {
  return [...permuteFaults(scenario), ...sweepFaults(scenario)];
}

function permuteFaults(scenario: Scenario): readonly Fault[] {
  const { permute, timeline } = scenario;
  if (permute === undefined) return [];
  const times = new Set(timeline.map(({ at }) => at));
  const faults = permute.flatMap((at, number): readonly Fault[] => {
    const path = ["permute", number];
    if (!times.has(at)) return [{ path, message: `no step is at ${at}` }];
    return permute.indexOf(at) === number ? [] : [{ path, message: `${at} is named twice` }];
  });
  if (faults.length > 0 || permuted(scenario).length > 0) return faults;
  const message =
    "these steps have no other order: two that concern the same instance keep the one they have";
  return [{ path: ["permute"], message }];
}

function sweepFaults(scenario: Scenario): readonly Fault[] {
  const { sweep = [], timeline } = scenario;
  return sweep.flatMap((one, number): readonly Fault[] => {
    const path = ["sweep", number];
    const here = timeline.filter(({ at }) => at === one.during);
    const during = [...path, "during"];
    if (here.length === 0) return [{ path: during, message: `no step is at ${one.during}` }];
    const syncs = here.filter(isSync);
    if (syncs.length === 0) {
      const message = `the step at ${one.during} is no sync, and has no moments to try`;
      return [{ path: during, message }];
    }
    const message = reasonAgainst(scenario, one, syncs);
    if (message === undefined) return [];
    return [{ path: [...path, "crash" in one ? "crash" : "cut"], message }];
  });
}

/** Why a fault would not concern a sync; undefined when it does, or its instances are unknown. */
function reasonAgainst(
  scenario: Scenario,
  sweep: Sweep,
  syncs: readonly SyncStep[],
): string | undefined {
  const names = "crash" in sweep ? [sweep.crash] : sweep.cut;
  const outside = names.find((name) => {
    return syncs.every(({ sync }) => sync !== "all" && !sync.includes(name));
  });
  if (outside !== undefined) return `${outside} takes no part in the sync at ${sweep.during}`;
  if ("crash" in sweep || areLinked(scenario, sweep.cut)) return undefined;
  return `no link between ${sweep.cut.join(" and ")}`;
}

function isSync(step: Step): step is SyncStep {
  return "sync" in step;
}
