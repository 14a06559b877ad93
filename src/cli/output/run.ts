import type { Counts, RunRow } from "../../store/rows.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_REFUSED } from "./failure.ts";
import { bytes, counted, duration } from "./units.ts";

/** What a run did, in one line: `pulled 46 objects (52 revisions), 12.3 kB in 0.21 s`. */
export function describeRun(run: RunRow): string {
  const cost = `${bytes(run.bytes.in + run.bytes.out)} in ${duration(secondsOf(run))}`;
  const refused = run.refused.length + (run.refusedMore ?? 0);
  const carried = [
    ...carriedBy("pulled", run.received),
    ...carriedBy("pushed", run.sent),
    ...leftIn(run.left),
    ...ruledBy(run.policy),
    ...(refused > 0 ? [`refused ${counted(refused, "record")}`] : []),
  ];
  if (run.outcome === "ok" && carried.length === 0) return `up to date, ${cost}`;
  const what = carried.length === 0 ? "nothing came or went" : carried.join(", ");
  return run.outcome === "ok" ? `${what}, ${cost}` : `${run.outcome}, ${what}, ${cost}`;
}

/** The worst of the runs decides. A run that is `refused` did nothing at all. */
export function exitCodeOf(runs: readonly RunRow[]): number {
  if (runs.some(({ outcome }) => outcome !== "ok")) return EXIT_FAILED;
  return runs.some(({ refused }) => refused.length > 0) ? EXIT_REFUSED : EXIT_DONE;
}

/** What became of objects that left the scope. */
function leftIn(
  { dropped, kept }: NonNullable<RunRow["left"]> = { dropped: 0, kept: 0 },
): string[] {
  return [
    ...(dropped === 0 ? [] : [`dropped ${counted(dropped, "object")}`]),
    ...(kept === 0 ? [] : [`kept ${counted(kept, "object")} that left`]),
  ];
}

/** Another policy, and what it did to objects. */
function ruledBy(policy: RunRow["policy"]): string[] {
  if (policy === undefined) return [];
  const { removed = 0, restored = 0 } = policy;
  const effects = [
    ...(removed === 0 ? [] : [`${counted(removed, "object")} deleted by it`]),
    ...(restored === 0 ? [] : [`${counted(restored, "object")} undeleted by it`]),
  ];
  return [`took the peer's policy${effects.length === 0 ? "" : ` (${effects.join(", ")})`}`];
}

/** How long a run took, from its own times. */
export function secondsOf(run: RunRow): number {
  return Math.max(0, Date.parse(run.ended) - Date.parse(run.started)) / 1000;
}

/** What was carried one way; nothing for nothing. */
export function carriedBy(verb: string, counts: Counts): string[] {
  if (counts.revisions === 0 && counts.purges === 0) return [];
  const revisions = counted(counts.revisions, "revision");
  const purges = counts.purges === 0 ? "" : ` and ${counted(counts.purges, "purge")}`;
  return [`${verb} ${counted(counts.objects, "object")} (${revisions}${purges})`];
}
