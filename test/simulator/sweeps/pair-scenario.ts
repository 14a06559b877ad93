import { Prng } from "../../../src/scenario/random/prng.ts";
import {
  CALM_PACE,
  type CommitFault,
  type Faults,
  NO_FAULTS,
} from "../../../src/scenario/world/faults.ts";
import { ownerOf, type PlannedLink, plannedLink } from "../../../src/scenario/world/links.ts";
import { settleAndCheck } from "../../../src/scenario/world/settle.ts";
import type { Planted } from "../../../src/scenario/world/simulated-instance.ts";
import type { Violation } from "../../../src/scenario/world/watch.ts";
import type { BreakPoint, Way, Wire } from "../../../src/scenario/world/wire.ts";
import { World } from "../../../src/scenario/world/world.ts";
import type { Direction } from "../../../src/store/rows.ts";
import { Workload } from "../workload/workload.ts";

const SEED = 1;
const EDITS = { A: 6, B: 2 } as const;
const PAGE_REVISIONS_MAX = 4;
/** Longer than any peer waits in silence. */
const RUN_MS_MAX = 120_000;

/** The one thing that goes wrong in a run of the scenario. */
export type OneFault =
  | { readonly kind: "none" }
  | { readonly kind: "break"; readonly at: BreakPoint }
  | { readonly kind: "crash"; readonly at: CommitPoint }
  /** The commit is refused, as by a full disk. */
  | { readonly kind: "refuse"; readonly at: CommitPoint };

/** A commit boundary of an instance: its commit number `commit` (from 0) of the run. */
export interface CommitPoint {
  readonly instance: string;
  readonly commit: number;
  readonly side: "before" | "after";
}

/** What a run of the scenario went through, for the next sweep to know its bounds. */
export interface ScenarioReport {
  readonly violations: readonly Violation[];
  readonly timeline: string;
  readonly frames: Readonly<Record<Way, number>>;
  readonly commits: Readonly<Record<string, number>>;
}

/**
 * The fixed small scenario of the sweeps: A and B have some work of their own and A a policy; B gets
 * A's over one link, and one thing goes wrong on the way. Then the network heals, and everything is checked.
 */
export async function runPairScenario(
  direction: Direction,
  fault: OneFault,
  planted: Planted = {},
): Promise<ScenarioReport> {
  const link = plannedLink("A", "B", direction);
  const world = await makeWorld(link, planted);
  const faults = new OneFaultOnly(world, fault);
  world.faults = faults;
  await runOnce(world, link);
  const { frames, commits } = faults;
  if (!world.isBroken) await settleAndCheck(world);
  return { violations: world.violations, timeline: world.trace.print(), frames, commits };
}

async function makeWorld(link: PlannedLink, planted: Planted): Promise<World> {
  const instances = ["A", "B"];
  const parts = { seed: SEED, instances, links: [link], pageRevisionsMax: PAGE_REVISIONS_MAX };
  const world = new World({ ...parts, keepTrace: true, planted });
  const workload = new Workload(new Prng(SEED, "sweep"), { removes: true, parts: false });
  await world.addLink(link);
  world.start("A");
  const ids = instances.map((name) => world.get(name).identity.instance);
  void world.changePolicy("A", workload.drawPolicyChange(ids));
  for (const name of instances) {
    world.start(name);
    for (let edit = 0; edit < EDITS[name as keyof typeof EDITS]; edit++) {
      const objects = await world.get(name).durable.objects({ limit: 100 });
      const seen = { objects, conflicts: [] };
      void world.author(name, workload.draw(seen)).catch(() => {});
      await world.scheduler.run({ timeMs: world.scheduler.nowMs + 1000 });
    }
  }
  return world;
}

async function runOnce(world: World, link: PlannedLink): Promise<void> {
  let isOver = false;
  void world.runLink(link).then(() => {
    isOver = true;
  });
  await world.scheduler.run({
    timeMs: world.scheduler.nowMs + RUN_MS_MAX,
    done: () => isOver && !world.isBusy,
  });
  if (!isOver) world.report({ invariant: "runs-end", detail: `${ownerOf(link)}'s run goes on` });
}

/** Counts frames and commits, and lets one thing go wrong once. */
class OneFaultOnly implements Faults {
  readonly #world: World;
  readonly #fault: OneFault;
  readonly #commits: Record<string, number> = {};
  #wire: Wire | undefined;

  constructor(world: World, fault: OneFault) {
    this.#world = world;
    this.#fault = fault;
  }

  get frames(): Readonly<Record<Way, number>> {
    return { ...(this.#wire?.delivered ?? { out: 0, in: 0 }) };
  }

  get commits(): Readonly<Record<string, number>> {
    return { ...this.#commits };
  }

  wire(): ReturnType<Faults["wire"]> {
    const fault = this.#fault;
    return fault.kind === "break" ? { pace: CALM_PACE, breakAt: fault.at } : { pace: CALM_PACE };
  }

  connected(wire: Wire): void {
    this.#wire = wire;
  }

  beforeCommit({ name }: { readonly name: string }): CommitFault {
    const commit = this.#commits[name] ?? 0;
    this.#commits[name] = commit + 1;
    if (!this.#isNow(name, commit, "before")) return undefined;
    return this.#fault.kind === "refuse" ? "refuse" : "crash";
  }

  afterCommit({ name }: { readonly name: string }): boolean {
    return this.#isNow(name, (this.#commits[name] ?? 0) - 1, "after");
  }

  #isNow(name: string, commit: number, side: "before" | "after"): boolean {
    const fault = this.#fault;
    if (fault.kind !== "crash" && fault.kind !== "refuse") return false;
    const { at } = fault;
    return at.instance === name && at.commit === commit && at.side === side;
  }

  crashed({ name }: { readonly name: string }): void {
    this.#world.scheduler.after(1_000, () => this.#world.start(name));
  }

  storeMs(): number {
    return NO_FAULTS.storeMs();
  }
}
