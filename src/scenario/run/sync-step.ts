import type { RunRow } from "../../store/rows.ts";
import { afterWords } from "../explain/words.ts";
import type { During } from "../format/faults.ts";
import type { SyncStep } from "../format/scenario.ts";
import type { PlannedLink } from "../world/links.ts";
import { isLive, untilInStep } from "../world/live-links.ts";
import { perform } from "./perform.ts";
import type { ScriptedFaults } from "./scripted-faults.ts";
import type { Stage } from "./stage.ts";
import { linksOfStep, SYNC_MS_MAX } from "./step-links.ts";
import {
  expectFailures,
  holdingsOf,
  isPatient,
  type Synced,
  type SyncFailures,
} from "./sync-outcome.ts";

/** The pause between two attempts. */
const RETRY_MS = 1_000;

/**
 * Runs every link between the instances of a step, each until it has caught up. Returns what did
 * not come about as the step expects.
 */
export async function syncStep(
  stage: Stage,
  faults: ScriptedFaults,
  step: SyncStep,
): Promise<SyncFailures> {
  const { during = [], expect = {} } = step;
  const links = linksOfStep(stage.world.links, step);
  const before = await holdingsOf(stage);
  stage.mark();
  const acts: Promise<void>[] = [];
  faults.expect(during, (one: During) => {
    if ("fault" in one) faults.happen(one.fault);
    else for (const action of one.do) acts.push(perform(stage, action, "amid"));
    // One that fails says so at the end of the step.
    for (const act of acts) act.catch(() => {});
  });
  const isAgain = isPatient(expect);
  const work = Promise.all(
    links.map((link) => runUntilDone(stage, link, isAgain, step.acceptRemovals === true)),
  );
  const synced = await stage.done(work, SYNC_MS_MAX + RETRY_MS);
  await stage.done(Promise.all(acts));
  const missed = faults.end().map((after) => `${afterWords(after)} never came: the sync was over`);
  const { outcomes, others } = await expectFailures(stage, before, synced, expect);
  return { outcomes, others: [...missed, ...others] };
}

async function runUntilDone(
  stage: Stage,
  link: PlannedLink,
  isAgain: boolean,
  acceptRemovals: boolean,
): Promise<Synced> {
  const { world } = stage;
  if (isLive(link)) {
    // Somebody agrees in a run of its own, beside the live one.
    if (acceptRemovals) await world.runLink(link, { acceptRemovals });
    return { link, last: await untilInStep(world, link) };
  }
  const endMs = world.scheduler.nowMs + SYNC_MS_MAX;
  let last: RunRow | undefined;
  for (;;) {
    const run = await world.runLink(link, { acceptRemovals });
    last = run ?? last;
    const isOver = run?.outcome === "ok" || run?.outcome === "held" || !isAgain;
    if (isOver || world.scheduler.nowMs + RETRY_MS > endMs) return { link, last };
    await new Promise<void>((resolve) => {
      world.scheduler.after(RETRY_MS, resolve);
    });
  }
}
