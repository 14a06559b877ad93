import type { Identity, RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { LinkRunner } from "../../sync/schedule/link-runner.ts";
import { LIVE, type LinkMode, parseMode } from "../../sync/schedule/mode.ts";
import { flowsOf, ownerOf, type PlannedLink } from "./links.ts";
import { hashOf } from "./scopes.ts";
import type { World } from "./world.ts";

/** How long a live link may take until it is in step, and how often that is looked at. */
const IN_STEP_MS_MAX = 60_000;
const LOOK_MS = 250;

export function isLive({ mode }: PlannedLink): boolean {
  return mode === LIVE.kind;
}

/**
 * Keeps the links of a world that are live or have a schedule running, in each life of their owners,
 * as `syncline serve` does.
 */
export function keepRunning(world: World): void {
  const startLinksOf = (name: string): void => {
    for (const link of world.links) if (ownerOf(link) === name) startLink(world, link);
  };
  for (const name of world.instances.keys()) startLinksOf(name);
  world.onStarted = startLinksOf;
}

function startLink(world: World, link: PlannedLink): void {
  const mode: LinkMode | undefined = parseMode(link.mode ?? "manual");
  const { clock, random, running } = world.get(ownerOf(link));
  if (running === undefined || mode === undefined || mode.kind === "manual") return;
  const { process } = running;
  const runner = new LinkRunner({
    ...{ link: link.name, mode, clock, random, timers: process.timers },
    // Nothing ends any more in a process that is dead.
    run: async (_name, how) => (await world.runLink(link, how)) ?? new Promise(() => {}),
    onEvent: ({ event }) => world.marks.add(`live ${event}`),
  });
  runner.start(null);
}

/** What a link came to, of its last run or by being in step. */
export type Ended = Pick<RunRow, "outcome" | "error">;

/** Waits until a live link has carried everything; else says what its last run came to. */
export async function untilInStep(world: World, link: PlannedLink): Promise<Ended> {
  const endMs = world.scheduler.nowMs + IN_STEP_MS_MAX;
  const stores = (name: string): Holder => {
    const { identity, durable: store } = world.get(name);
    return { identity, store };
  };
  do {
    if (world.scheduler.nowMs > endMs || world.isBroken) {
      const { durable } = world.get(ownerOf(link));
      const [last] = await durable.runs({ link: link.name, limit: 1 });
      return last === undefined || last.outcome === "ok" ? { outcome: "interrupted" } : last;
    }
    await new Promise<void>((resolve) => {
      world.scheduler.after(LOOK_MS, resolve);
    });
  } while (!(await isInStep(link, stores)));
  return { outcome: "ok" };
}

/** Runs a link, or lets it run that is live. Undefined when its owner is down. */
export async function carry(world: World, link: PlannedLink): Promise<Ended | undefined> {
  return isLive(link) ? await untilInStep(world, link) : await world.runLink(link);
}

/** Who holds a store that can be looked at. */
interface Holder {
  readonly identity: Pick<Identity, "instance">;
  readonly store: Pick<Store, "cursor" | "head">;
}

/** True when each target of a link has come to the end of its source's log. */
export async function isInStep(
  link: PlannedLink,
  look: (name: string) => Holder,
): Promise<boolean> {
  for (const { source, target, scope } of flowsOf(link)) {
    const { identity, store } = look(source);
    const cursor = await look(target).store.cursor(identity.instance, hashOf(scope));
    if ((cursor?.ladder[0]?.lsn ?? 0) !== (await store.head()).lsn) return false;
  }
  return true;
}
