import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { SyncExpect, SyncStep } from "../format/scenario.ts";
import type { PlannedLink } from "../world/links.ts";
import type { Ended } from "../world/live-links.ts";
import type { Scene } from "./scene.ts";

/** What the last attempt of a link came to, if there was one. */
export interface Synced {
  readonly link: PlannedLink;
  readonly last: Ended | undefined;
}

/** True where each link is tried again until it gets through, or time is up. */
export function isPatient({ outcome = "ok" }: SyncExpect): boolean {
  return outcome === "ok" || outcome === "interrupted";
}

/** True for what came between, and no more: also a peer that could not be reached yet. */
function isInterruption(last: Ended | undefined): boolean {
  return (last?.outcome ?? "interrupted") === "interrupted" || last?.error?.code === UNREACHABLE;
}

const UNREACHABLE = "CONNECT_FAILED";

function outcomeFailures({ link, last }: Synced, { outcome = "ok", error }: SyncExpect): string[] {
  const found = last?.outcome ?? "interrupted";
  const why = last?.error === undefined ? "" : ` (${last.error.code}: ${last.error.message})`;
  const who = `the sync of ${link.source} and ${link.target}`;
  const wanted = outcome === "cut-short" ? "interrupted" : outcome;
  const isPermitted = outcome === "interrupted" && (found === "ok" || isInterruption(last));
  if (found !== wanted && !isPermitted) return [`${who} ended ${found}${why}, not ${wanted}`];
  if (error === undefined || last?.error?.code === error || isPermitted) return [];
  return [`${who} ended with ${last?.error?.code ?? "no error"}, not ${error}`];
}

/** What an instance holds that a sync may add to. */
export interface Holdings {
  readonly lsn: number;
  readonly conflicts: number;
  readonly refused: number;
}

export async function holdingsOf(scene: Scene): Promise<ReadonlyMap<string, Holdings>> {
  const read = scene.names.map(async (name) => {
    const { store } = scene.look(name);
    const { lsn } = await store.head();
    const conflicts = (await store.conflicts({ limit: PAGE_ITEMS_MAX })).length;
    const refused = (await store.quarantine()).length;
    return [name, { lsn, conflicts, refused }] as const;
  });
  return new Map(await Promise.all(read));
}

/** What did not come about as a step expects: that it got through, and all else. */
export interface SyncFailures {
  readonly outcomes: readonly string[];
  readonly others: readonly string[];
}

/** What the last attempts of a step came to that is not as it expects. */
export async function expectFailures(
  scene: Scene,
  before: ReadonlyMap<string, Holdings>,
  synced: readonly Synced[],
  expect: SyncExpect,
): Promise<SyncFailures> {
  const outcomes = synced.flatMap((one) => outcomeFailures(one, expect));
  return { outcomes, others: await countFailures(scene, before, expect) };
}

/**
 * What of it counts in a run. With something changed a step may carry more or less than in the run of
 * the file, and end in another way than a special one; but what has to get through still has to.
 */
export function failuresThatCount(
  { outcomes, others }: SyncFailures,
  { expect = {} }: SyncStep,
  isVariant: boolean,
): readonly string[] {
  if (isVariant) return isPatient(expect) ? outcomes : [];
  return [...others, ...outcomes];
}

async function countFailures(
  scene: Scene,
  before: ReadonlyMap<string, Holdings>,
  expect: SyncExpect,
): Promise<string[]> {
  const failures: string[] = [];
  const compare = (what: string, found: number, wanted: number): void => {
    if (found !== wanted) failures.push(`${what}: ${found}, not ${wanted}`);
  };
  for (const [name, wanted] of Object.entries(expect.applied ?? {})) {
    const entries = await scene.look(name).entries({
      after: before.get(name)?.lsn ?? 0,
      limit: PAGE_ITEMS_MAX,
    });
    const came = entries.filter(({ source }) => source !== null);
    compare(`objects applied on ${name}`, new Set(came.map(({ object }) => object)).size, wanted);
  }
  const after = await holdingsOf(scene);
  for (const what of ["conflicts", "refused"] as const) {
    for (const [name, wanted] of Object.entries(expect[what] ?? {})) {
      const found = (after.get(name)?.[what] ?? 0) - (before.get(name)?.[what] ?? 0);
      compare(`new ${what} on ${name}`, found, wanted);
    }
  }
  if (expect.quiet === true) compare("batches carried", scene.carried.batches, 0);
  return failures;
}
