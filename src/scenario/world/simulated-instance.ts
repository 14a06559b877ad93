import type { InstanceId } from "../../base/ids.ts";
import { randomId } from "../../base/new-ids.ts";
import { type Edition, THIS_EDITION } from "../../log/edition.ts";
import type { Identity } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { Acknowledged } from "../checkers/world-state.ts";
import type { Prng } from "../random/prng.ts";
import { type Durable, durableFile, durableMemory } from "./durable.ts";
import { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import { type StoreHooks, simulatedStore } from "./simulated-store.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Which version of the program an instance is: this one, or a newer one. */
export type Version = "old" | "new";

export interface InstanceOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** For its ids; its own, so that instances do not disturb each other. */
  readonly random: Prng;
  readonly sqlite: boolean;
  /** Where virtual time begins on its clock; {@link EPOCH_MS} unless given. */
  readonly epochMs?: number | undefined;
  readonly planted: Planted;
  /** What a newer version of the program knows. */
  readonly newer?: Edition | undefined;
}

/** Faults planted into stores, to prove that the simulator finds them. */
export interface Planted {
  /** In what is durable, below all observers. */
  readonly durable?: (store: Store) => Store;
  /** In the file of a SQLite store, between two processes. */
  readonly file?: (file: string) => void;
  /** In what a process sees, above its commits. */
  readonly port?: (store: Store) => Store;
}

/** What runs while an instance is up. */
export interface Running {
  readonly process: Process;
  readonly store: Store;
}

/** An instance: what is durable, and the process that runs on it, if one does. */
export class SimulatedInstance {
  readonly name: string;
  readonly identity: Identity;
  readonly clock: VirtualClock;
  readonly random: Prng;
  /** Revisions that authors were told are stored. */
  readonly acknowledged: Acknowledged[] = [];
  /** The version of the program that the next process will be. */
  next: Version = "old";
  /** That of the process which opened the store last. */
  #version: Version = "old";
  readonly #options: InstanceOptions;
  readonly #content: Durable;
  #durable: Store;
  #wasStarted = false;
  #running: Running | undefined;

  constructor(options: InstanceOptions) {
    const { name, scheduler, random, sqlite } = options;
    this.#options = options;
    this.name = name;
    this.random = random;
    this.clock = new VirtualClock(scheduler, options.epochMs);
    this.identity = { instance: randomId(random) as InstanceId, name, epoch: randomId(random) };
    const { identity, clock } = this;
    const stored = () => ({ identity, clock, random, edition: this.edition });
    const { file } = options.planted;
    this.#content = sqlite ? durableFile(stored, file) : durableMemory(stored);
    this.#durable = this.#open();
  }

  #open(): Store {
    this.#version = this.next;
    const store = this.#content.open();
    return this.#options.planted.durable?.(store) ?? store;
  }

  get version(): Version {
    return this.#version;
  }

  /** What the program knows that this instance is. */
  get edition(): Edition {
    return this.#version === "new" ? (this.#options.newer ?? THIS_EDITION) : THIS_EDITION;
  }

  /** What survives a crash: a store in the state of its last commit, opened by the last process. */
  get durable(): Store {
    return this.#durable;
  }

  get running(): Running | undefined {
    return this.#running;
  }

  start(hooks: StoreHooks): Running {
    const isOther = this.next !== this.#version;
    if (this.#wasStarted || isOther) this.#durable = this.#open();
    this.#wasStarted = true;
    const process = new Process(this.#options.scheduler);
    const store = simulatedStore(this.durable, process, hooks);
    this.#running = { process, store: this.#options.planted.port?.(store) ?? store };
    return this.#running;
  }

  /** Ends the process at once; the store keeps what is committed. */
  crash(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.process.kill();
  }

  /** Ends it for good. */
  dispose(): void {
    this.crash();
    this.#content.dispose();
  }
}
