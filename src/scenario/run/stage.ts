import type { ObjectId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import { systemTimers } from "../../base/ports/timers.ts";
import { assembleInstance } from "../../instance/assemble-instance.ts";
import type { Instance } from "../../instance/instance.ts";
import { MemorySearch } from "../../search/memory/memory-search.ts";
import type { SearchIndex } from "../../search/search-index.ts";
import type { Store } from "../../store/store.ts";
import type { Flow } from "../checkers/world-state.ts";
import { policyValue } from "../format/policy-value.ts";
import type { PutAside } from "../world/disasters.ts";
import { flowsOf, type PlannedLink } from "../world/links.ts";
import type { World } from "../world/world.ts";
import { StepFailed } from "./failure.ts";
import {
  type Carried,
  carriedSince,
  type Labeled,
  type LabeledChangeset,
  NOTHING_CARRIED,
  type Scene,
} from "./scene.ts";

/** What people at their desks take at most, in virtual time. */
const WORK_MS_MAX = 60_000;

/** The world of one run, and the people in it: instances by name, revisions by label. */
export class Stage implements Scene {
  readonly world: World;
  readonly labels: Map<string, Labeled> = new Map();
  readonly changesets: Map<string, LabeledChangeset> = new Map();
  readonly created: Map<string, ObjectId> = new Map();

  /** Backups, by whose they are and their names. */
  readonly backups: Map<string, PutAside> = new Map();
  readonly #later: PlannedLink[];

  #mark = NOTHING_CARRIED;

  /** `later`: links of instances that are not there yet. */
  constructor(world: World, later: readonly PlannedLink[] = []) {
    this.world = world;
    this.#later = [...later];
  }

  /** The links of an instance that comes into being, to those that are there. */
  linksOf(name: string): readonly PlannedLink[] {
    const isThere = (one: string): boolean => one === name || this.world.instances.has(one);
    const isDue = ({ source, target }: PlannedLink): boolean => isThere(source) && isThere(target);
    const due = this.#later.filter(isDue);
    this.#later.splice(0, this.#later.length, ...this.#later.filter((link) => !isDue(link)));
    return due;
  }

  get names(): readonly string[] {
    return [...this.world.instances.keys()];
  }

  get flows(): readonly Flow[] {
    return this.world.links.flatMap(flowsOf);
  }

  /** What is carried from now on is the next sync's. */
  mark(): void {
    this.#mark = this.#carried();
  }

  get carried(): Carried {
    return carriedSince(this.#mark, this.#carried());
  }

  #carried(): Carried {
    const { bytes, frames, batches } = this.world.network;
    return { bytes, frames, batches };
  }

  /** An instance as somebody who works there has it, who starts it if it is down. */
  at(name: string): Instance {
    this.world.start(name);
    const { running } = this.world.get(name);
    if (running === undefined) throw new StepFailed("", `${name} is down`);
    return this.#instance(name, running.store, running.search);
  }

  look(name: string): Instance {
    const { durable, running } = this.world.get(name);
    return this.#instance(name, durable, running?.search);
  }

  randomOf(name: string): RandomSource {
    return this.world.get(name).random;
  }

  #instance(name: string, store: Store, search?: SearchIndex): Instance {
    const { identity, clock, random, edition } = this.world.get(name);
    return assembleInstance({
      ...{ identity, store, clock, random, edition },
      search: search ?? new MemorySearch(store),
      timers: systemTimers,
      dial: () => Promise.reject(new Error("links run in the world")),
      backup: () => Promise.reject(new Error("backups are made in the world")),
      release: () => {},
    });
  }

  /** A policy document in the few words of a scenario, written out. */
  policy(few: JsonObject): JsonObject {
    return policyValue(few, (name) => {
      return this.world.instances.get(name)?.identity.instance ?? name;
    });
  }

  /** Gives everybody the policy of one instance, as if they had agreed on it before. */
  async sharePolicy(name: string): Promise<void> {
    const { identity, durable } = this.world.get(name);
    const { records } = await durable.policies();
    for (const other of this.world.instances.values()) {
      if (other.name === name) continue;
      await other.durable.takePolicies({ peer: identity.instance, records });
    }
  }

  /** Lets time go on until some work is done. */
  async done<T>(work: Promise<T>, msMax: number = WORK_MS_MAX): Promise<T> {
    const { scheduler } = this.world;
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    void work.then(end, end);
    await new Promise((resolve) => setImmediate(resolve));
    if (!isOver) {
      await scheduler.run({
        timeMs: scheduler.nowMs + msMax,
        done: () => isOver || this.world.isBroken,
      });
    }
    if (!isOver) throw new StepFailed("", `not done within ${msMax / 1000} seconds`);
    return work;
  }
}
