import type { ErrorCode } from "../../../src/base/error-codes.ts";
import { isSynclineError } from "../../../src/base/errors.ts";
import { PAGE_ITEMS_MAX } from "../../../src/base/limits.ts";
import type { Prng } from "../../../src/scenario/random/prng.ts";
import { flowsOf, type PlannedLink } from "../../../src/scenario/world/links.ts";
import type { World } from "../../../src/scenario/world/world.ts";
import { NEWER_EDITION } from "../newer-edition.ts";
import type { Recorder } from "../shrink/recorder.ts";
import type { Workload } from "../workload/workload.ts";
import { scheduleClone } from "./clones.ts";
import { scheduleDisasters } from "./disasters.ts";
import { schedulePoison } from "./poison.ts";
import type { Swarm } from "./swarm.ts";

const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;
const CRASHES_MAX = 4;
const JUMPS_MAX = 4;
const POLICY_CHANGES_MAX = 3;
const WISH_CHARS_MAX = 500;

/** What may be wrong with a wish of the workload; anything else is a fault of the program. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  "ARRAY_INDEX_PATH",
  "CONFLICT_NOT_FOUND",
  "DISK_FULL",
  "FORBIDDEN_KEY",
  "INVALID_OBJECT",
  "INVALID_PATCH",
  "OBJECT_DELETED",
  "OBJECT_EXISTS",
  "OBJECT_NOT_DELETED",
  "OBJECT_NOT_FOUND",
  "OBJECT_PARKED",
  "OBJECT_PURGED",
  "STALE_EDIT",
  "STORE_IO",
]);

/** What is left out of a seed's chaos, and who writes down what the world does not tell. */
export interface ChaosOptions {
  /** The events that happen, by their numbers in the order of drawing; all unless given. */
  readonly events?: ReadonlySet<number> | undefined;
  readonly recorder?: Recorder | undefined;
}

export interface ChaosRandom {
  /** When people edit and links run, and where. */
  readonly schedule: Prng;
  readonly faults: Prng;
  /** Who is updated, and when. */
  readonly versions: Prng;
  /** What happens to whole instances, and to their copies. */
  readonly disasters: Prng;
  readonly clones: Prng;
  /** What people do with what is refused. */
  readonly poison: Prng;
}

/**
 * Schedules what happens in the first phase: edits, runs of links, crashes and clock jumps. Returns
 * how many events there are.
 */
export function scheduleChaos(
  world: World,
  swarm: Swarm,
  workload: Workload,
  { schedule, faults, versions, ...random }: ChaosRandom,
  { events, recorder }: ChaosOptions = {},
): number {
  let drawn = 0;
  const at = (random: Prng, run: () => void | Promise<void>): void => {
    const ms = random.fraction() * swarm.chaosMs;
    const number = drawn++;
    if (events?.has(number) !== false) world.scheduler.after(ms, run);
  };
  const editors = editorsOf(world, swarm);
  for (let edit = 0; edit < swarm.edits; edit++) {
    const editor = schedule.pick(editors);
    at(schedule, () => editOnce(world, workload, editor));
  }
  const runner = new LinkRunner(world, swarm.faults.has("duplicateSession"));
  for (const link of world.links) {
    for (let run = 0; run < swarm.runsPerLink; run++) at(schedule, () => runner.run(link));
  }
  const names = [...world.instances.keys()];
  const lawgivers = swarm.policies === "several" ? names : [schedule.pick(names)];
  if (swarm.policies !== "nobody") {
    for (let change = schedule.between(1, POLICY_CHANGES_MAX); change > 0; change--) {
      const name = schedule.pick(lawgivers);
      at(schedule, () => changePolicyOnce(world, workload, name));
    }
  }
  const { chaosMs, disasters: classes } = swarm;
  const edit = (name: string): Promise<void> => editOnce(world, workload, name);
  const runLink = (link: PlannedLink): void => runner.run(link);
  const plan = { classes, chaosMs, edit, runLink };
  scheduleDisasters(world, plan, random.disasters);
  if (classes.has("clone")) scheduleClone(world, plan, random.clones);
  if (swarm.faults.has("poison")) {
    schedulePoison(world, chaosMs, random.poison, (name, done) => {
      allowRefusal(world, name, "its quarantine", done);
    });
  }
  if (swarm.mixed) {
    for (const name of names)
      if (versions.chance(0.4)) at(versions, () => world.update(name, NEWER_EDITION));
  }
  if (swarm.faults.has("crash")) {
    for (let crash = faults.between(1, CRASHES_MAX); crash > 0; crash--) {
      const name = faults.pick(names);
      at(faults, () => world.crash(name));
    }
  }
  if (swarm.faults.has("clockSkew")) {
    for (const name of names) {
      const ms = drawSkew(faults);
      recorder?.jumped(name, ms);
      world.get(name).clock.jump(ms);
    }
  }
  if (swarm.faults.has("clockJump")) {
    for (let jump = faults.between(1, JUMPS_MAX); jump > 0; jump--) {
      const [name, ms] = [faults.pick(names), drawSkew(faults)];
      at(faults, () => {
        recorder?.jumped(name, ms);
        world.get(name).clock.jump(ms);
      });
    }
  }
  return drawn;
}

/** Who authors: those that receive nothing, and the others if the seed says so. */
function editorsOf(world: World, { targetsEdit }: Swarm): readonly string[] {
  const names = [...world.instances.keys()];
  if (targetsEdit) return names;
  const targets = new Set(world.links.flatMap(flowsOf).map(({ target }) => target));
  const sources = names.filter((name) => !targets.has(name));
  return sources.length === 0 ? names : sources;
}

function drawSkew(random: Prng): number {
  const ms = random.pick([random.magnitude(1, MINUTE_MS), random.magnitude(MINUTE_MS, YEAR_MS)]);
  return random.pick([ms, -ms, -YEAR_MS]);
}

/** Waits for the store as a person would, without holding up the event that the edit began in. */
async function editOnce(world: World, workload: Workload, editor: string): Promise<void> {
  const limit = PAGE_ITEMS_MAX;
  const { durable } = world.get(editor);
  const command = workload.draw({
    objects: await durable.objects({ includeDeleted: true, limit }),
    conflicts: await durable.conflicts({ status: "open", limit }),
  });
  allowRefusal(world, editor, command, world.author(editor, command));
}

function changePolicyOnce(world: World, workload: Workload, name: string): void {
  const instances = [...world.instances.values()].map(({ identity }) => identity.instance);
  const change = workload.drawPolicyChange([...new Set(instances)]);
  allowRefusal(world, name, change, world.changePolicy(name, change));
}

function allowRefusal(world: World, who: string, what: unknown, done: Promise<unknown>): void {
  done.then(undefined, (error: unknown) => {
    if (isSynclineError(error) && REFUSALS.has(error.code)) {
      world.trace.add(who, `refuses an edit: ${error.code} ${error.message}`);
      return;
    }
    const wish = JSON.stringify(what).slice(0, WISH_CHARS_MAX);
    const detail = `${who}: ${String(error)} for ${wish}`;
    world.report({ invariant: "edits-are-possible", detail });
  });
}

/** Runs links; one that is under way only if the seed says so. */
class LinkRunner {
  readonly #world: World;
  readonly #duplicates: boolean;
  readonly #busy = new Set<PlannedLink>();

  constructor(world: World, duplicates: boolean) {
    this.#world = world;
    this.#duplicates = duplicates;
  }

  run(link: PlannedLink): void {
    if (this.#busy.has(link) && !this.#duplicates) return;
    this.#busy.add(link);
    void this.#world.runLink(link).then(() => this.#busy.delete(link));
  }
}
