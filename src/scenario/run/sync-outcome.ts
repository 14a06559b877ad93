import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { SyncExpect } from "../format/scenario.ts";
import type { PlannedLink } from "../world/links.ts";
import type { Ended } from "../world/live-links.ts";
import type { Scene } from "./scene.ts";

/** What the last attempt of a link came to, if there was one. */
export interface Synced {
  readonly link: PlannedLink;
  readonly last: Ended | undefined;
}

function outcomeFailures({ link, last }: Synced, { outcome = "ok", error }: SyncExpect): string[] {
  const found = last?.outcome ?? "interrupted";
  const why = last?.error === undefined ? "" : ` (${last.error.code}: ${last.error.message})`;
  const who = `the sync of ${link.source} and ${link.target}`;
  if (found !== outcome) return [`${who} ended ${found}${why}, not ${outcome}`];
  if (error === undefined || last?.error?.code === error) return [];
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

/** What the last attempts of a step came to that is not as it expects. */
export async function expectFailures(
  scene: Scene,
  before: ReadonlyMap<string, Holdings>,
  synced: readonly Synced[],
  expect: SyncExpect,
): Promise<readonly string[]> {
  const failures = synced.flatMap((one) => outcomeFailures(one, expect));
  return [...failures, ...(await countFailures(scene, before, expect))];
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
