import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { RunRow } from "../../store/rows.ts";
import { afterWords } from "../explain/words.ts";
import type { During } from "../format/faults.ts";
import type { SyncExpect, SyncStep } from "../format/scenario.ts";
import type { PlannedLink } from "../world/links.ts";
import { type Ended, isLive, untilInStep } from "../world/live-links.ts";
import { StepFailed } from "./failure.ts";
import { perform } from "./perform.ts";
import type { ScriptedFaults } from "./scripted-faults.ts";
import type { Stage } from "./stage.ts";

/** How long a sync may take with all its attempts, and the pause between two of them. */
const SYNC_MS_MAX = 60_000;
const RETRY_MS = 1_000;

/** What the last attempt of a link came to, if there was one. */
interface Synced {
  readonly link: PlannedLink;
  readonly last: Ended | undefined;
}

/**
 * Runs every link between the instances of a step, each until it has caught up. Returns what did
 * not come about as the step expects.
 */
export async function syncStep(
  stage: Stage,
  faults: ScriptedFaults,
  step: SyncStep,
): Promise<readonly string[]> {
  const { sync, during = [], expect = {} } = step;
  const links = stage.world.links.filter(({ source, target }) => {
    return sync === "all" || (sync.includes(source) && sync.includes(target));
  });
  if (links.length === 0) throw new StepFailed(step.at, `no link between ${namesOf(sync)}`);
  const before = await holdingsOf(stage);
  stage.mark();
  const acts: Promise<void>[] = [];
  faults.expect(during, (one: During) => {
    if ("fault" in one) faults.happen(one.fault);
    else for (const action of one.do) acts.push(perform(stage, action, "amid"));
  });
  const isPatient = expect.outcome === undefined || expect.outcome === "ok";
  const work = Promise.all(
    links.map((link) => runUntilDone(stage, link, isPatient, step.acceptRemovals === true)),
  );
  const synced = await stage.done(work, SYNC_MS_MAX + RETRY_MS);
  await stage.done(Promise.all(acts));
  const missed = faults.end().map((after) => `${afterWords(after)} never came: the sync was over`);
  return [
    ...missed,
    ...synced.flatMap((one) => outcomeFailures(one, expect)),
    ...(await countFailures(stage, before, expect)),
  ];
}

function namesOf(sync: SyncStep["sync"]): string {
  return sync === "all" ? "anybody" : sync.join(" and ");
}

async function runUntilDone(
  stage: Stage,
  link: PlannedLink,
  isPatient: boolean,
  acceptRemovals: boolean,
): Promise<Synced> {
  const { world } = stage;
  if (isLive(link)) return { link, last: await untilInStep(world, link) };
  const endMs = world.scheduler.nowMs + SYNC_MS_MAX;
  let last: RunRow | undefined;
  for (;;) {
    const run = await world.runLink(link, { acceptRemovals });
    last = run ?? last;
    const isOver = run?.outcome === "ok" || run?.outcome === "held" || !isPatient;
    if (isOver || world.scheduler.nowMs + RETRY_MS > endMs) return { link, last };
    await new Promise<void>((resolve) => {
      world.scheduler.after(RETRY_MS, resolve);
    });
  }
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
interface Holdings {
  readonly lsn: number;
  readonly conflicts: number;
  readonly refused: number;
}

async function holdingsOf(stage: Stage): Promise<ReadonlyMap<string, Holdings>> {
  const names = [...stage.world.instances.keys()];
  const read = names.map(async (name) => {
    const { durable } = stage.world.get(name);
    const { lsn } = await durable.head();
    const conflicts = (await durable.conflicts({ limit: PAGE_ITEMS_MAX })).length;
    const refused = (await durable.quarantine()).length;
    return [name, { lsn, conflicts, refused }] as const;
  });
  return new Map(await Promise.all(read));
}

async function countFailures(
  stage: Stage,
  before: ReadonlyMap<string, Holdings>,
  expect: SyncExpect,
): Promise<string[]> {
  const failures: string[] = [];
  const compare = (what: string, found: number, wanted: number): void => {
    if (found !== wanted) failures.push(`${what}: ${found}, not ${wanted}`);
  };
  for (const [name, wanted] of Object.entries(expect.applied ?? {})) {
    const entries = await stage.look(name).entries({
      after: before.get(name)?.lsn ?? 0,
      limit: PAGE_ITEMS_MAX,
    });
    const came = entries.filter(({ source }) => source !== null);
    compare(`objects applied on ${name}`, new Set(came.map(({ object }) => object)).size, wanted);
  }
  const after = await holdingsOf(stage);
  for (const what of ["conflicts", "refused"] as const) {
    for (const [name, wanted] of Object.entries(expect[what] ?? {})) {
      const found = (after.get(name)?.[what] ?? 0) - (before.get(name)?.[what] ?? 0);
      compare(`new ${what} on ${name}`, found, wanted);
    }
  }
  if (expect.quiet === true) compare("batches carried", stage.carried.batches, 0);
  return failures;
}
