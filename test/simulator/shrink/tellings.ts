import type { Recorded, RecordedRun } from "./recorder.ts";
import { partsOf } from "./repair.ts";

/** In which ways the same can be told: the closest one first. */
export function tellings(recorded: readonly Recorded[]): readonly (readonly Recorded[])[] {
  const apart = oneByOne(recorded);
  return [recorded, apart, plain(recorded), plain(apart)];
}

/** Each run is over before anything else begins but what concerns its connection or its ends. */
function oneByOne(recorded: readonly Recorded[]): readonly Recorded[] {
  const taken = new Set<Recorded>();
  return recorded.flatMap((one, at) => {
    if (taken.has(one)) return [];
    if (one.kind !== "run") return [one];
    const { run } = one;
    const rest = recorded.slice(at + 1);
    const end = rest.findIndex((other) => other.kind === "ended" && other.run === run);
    const amid = rest.slice(0, end + 1).filter((other) => {
      return (
        !taken.has(other) && (isOf(run, other) || (other.kind === "ended" && other.run === run))
      );
    });
    for (const other of amid) taken.add(other);
    return [one, ...amid];
  });
}

function isOf({ link: { source, target } }: RecordedRun, other: Recorded): boolean {
  if (other.kind !== "fault") return false;
  const { for: _, by: __, bytesPerSecond: ___, ...who } = other.fault as Record<string, unknown>;
  return Object.values(who)
    .flat()
    .every((name) => name === source || name === target);
}

/** In plainer words: connections are cut at once, and each edit is made for itself. */
function plain(recorded: readonly Recorded[]): readonly Recorded[] {
  return recorded.flatMap((one): Recorded[] => {
    if (one.kind === "action" && "changeset" in one.action) {
      return partsOf(one.action).map((action) => ({ ...one, action }));
    }
    if (one.kind !== "fault") return [one];
    const { fault } = one;
    if ("delay" in fault || "slow" in fault) return [];
    if ("halfOpen" in fault) return [{ ...one, fault: { cut: fault.halfOpen } }];
    return [one];
  });
}
