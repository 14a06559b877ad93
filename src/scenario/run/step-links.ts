import type { SyncStep } from "../format/scenario.ts";
import { StepFailed } from "./failure.ts";

/** How long a sync may take with all its attempts: on the timeline, or for real. */
export const SYNC_MS_MAX = 60_000;

/** The links that a sync step runs: all between its instances, whoever owns them. */
export function linksOfStep<L extends { readonly source: string; readonly target: string }>(
  all: readonly L[],
  { at, sync }: SyncStep,
): readonly L[] {
  const links = all.filter(({ source, target }) => {
    return sync === "all" || (sync.includes(source) && sync.includes(target));
  });
  if (links.length > 0) return links;
  throw new StepFailed(at, `no link between ${sync === "all" ? "anybody" : sync.join(" and ")}`);
}
