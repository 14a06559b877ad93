import type { Prng } from "../../../src/scenario/random/prng.ts";
import * as disasters from "../../../src/scenario/world/disasters.ts";
import { ownerOf, type PlannedLink } from "../../../src/scenario/world/links.ts";
import type { World } from "../../../src/scenario/world/world.ts";

/** What happens to instances as a whole; each seed has each of them or not. */
const DISASTERS = {
  /** Backups are made and put back, in every way that there is. */
  restore: 0.35,
  /** An instance loses everything, and another one is set up in its place. */
  wipe: 0.12,
  /** A process is stopped for a while and goes on. */
  pause: 0.4,
  /** The power goes: what is not synced to disk is older, or gone. */
  powerCut: 0.4,
} as const;
/** With `clone`, an instance is there twice until the copy gets an identity of its own: drawn apart. */
export type DisasterClass = keyof typeof DISASTERS | "clone";

const BACKUPS_MAX = 4;
const RESTORES_MAX = 3;
const OTHERS_MAX = 3;
const PAUSE_MS_MAX = 90_000;
const HOWS = ["restore", "restore", "files", "machine"] as const;

export function drawDisasters(random: Prng): ReadonlySet<DisasterClass> {
  const all = Object.entries(DISASTERS) as [keyof typeof DISASTERS, number][];
  return new Set(all.filter(([, share]) => random.chance(share)).map(([name]) => name));
}

export interface DisasterPlan {
  readonly classes: ReadonlySet<DisasterClass>;
  readonly chaosMs: number;
  readonly edit: (name: string) => void | Promise<void>;
  readonly runLink: (link: PlannedLink) => void;
}

/** Schedules the disasters of a seed's chaos. */
export function scheduleDisasters(world: World, plan: DisasterPlan, random: Prng): void {
  const { classes, chaosMs } = plan;
  const names = [...world.instances.keys()];
  const someTimes = (run: (name: string) => void | Promise<void>): void => {
    for (let time = random.between(1, OTHERS_MAX); time > 0; time--) {
      const name = random.pick(names);
      world.scheduler.after(random.fraction() * chaosMs, () => run(name));
    }
  };
  if (classes.has("restore")) scheduleRestores(world, plan, random);
  if (classes.has("wipe")) {
    const name = random.pick(names);
    world.scheduler.after(random.fraction() * chaosMs, () => disasters.wipe(world, name));
  }
  if (classes.has("pause")) {
    someTimes((name) => disasters.pause(world, name, random.magnitude(100, PAUSE_MS_MAX)));
  }
  if (classes.has("powerCut")) {
    someTimes((name) => disasters.cutPower(world, name, random.chance(0.3)));
  }
}

/** Backups at some times, and later restores: of one instance, or of several at the same time. */
function scheduleRestores(world: World, plan: DisasterPlan, random: Prng): void {
  const backups = new Map<string, disasters.PutAside[]>();
  const names = [...world.instances.keys()];
  const at = (from: number, to: number, run: () => void | Promise<void>): void => {
    world.scheduler.after((from + random.fraction() * (to - from)) * plan.chaosMs, run);
  };
  for (let backup = random.between(1, BACKUPS_MAX) * names.length; backup > 0; backup--) {
    const name = random.pick(names);
    at(0, 0.8, () => {
      backups.set(name, [...(backups.get(name) ?? []), disasters.backUp(world, name)]);
    });
  }
  for (let restore = random.between(1, RESTORES_MAX); restore > 0; restore--) {
    const several = names.filter(() => random.chance(0.5));
    const who = random.chance(0.3) ? several : [random.pick(names)];
    const how = random.pick(HOWS);
    at(0.1, 1, async () => {
      for (const name of who) {
        const made = backups.get(name) ?? [];
        if (made.length === 0) continue;
        await disasters.restoreBackup(world, name, random.pick(made), how);
        await goOn(world, plan, random, name);
      }
    });
  }
}

/** What people do with an instance that was just set back or copied: they edit at once, or they sync. */
export async function goOn(
  world: World,
  { edit, runLink }: DisasterPlan,
  random: Prng,
  name: string,
): Promise<void> {
  const what = random.pick(["edit", "edit", "sync", "nothing"] as const);
  if (what === "nothing") return;
  world.start(name);
  const edits = random.between(1, 3);
  if (what === "edit") for (let one = 0; one < edits; one++) await edit(name);
  for (const link of world.links) if (ownerOf(link) === name) runLink(link);
}
