import type { InstanceId, Lsn } from "../../base/ids.ts";
import { randomId } from "../../base/new-ids.ts";
import { joinStores } from "../../instance/joined-store.ts";
import { type Edition, printVersions, THIS_EDITION, versionsOf } from "../../log/edition.ts";
import type { SearchIndex } from "../../search/search-index.ts";
import type { Identity } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { Acknowledged } from "../checkers/world-state.ts";
import type { Prng } from "../random/prng.ts";
import { durableFile, durableMemory } from "./durable.ts";
import { type Poison, PoisonedLog } from "./poisoned-log.ts";
import { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import { type Backup, type SetBackHow, SimulatedFolder } from "./simulated-folder.ts";
import type { SourcePlant } from "./simulated-index.ts";
import { type StoreHooks, simulatedStore } from "./simulated-store.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface InstanceOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** For its ids; its own, so that instances do not disturb each other. */
  readonly random: Prng;
  readonly sqlite: boolean;
  /** A SQLite store has the product's search index beside it. */
  readonly indexed: boolean;
  /** Where virtual time begins on its clock; {@link EPOCH_MS} unless given. */
  readonly epochMs?: number | undefined;
  readonly planted: Planted;
  /** The version of the program that it is at first: this one, unless given. */
  readonly edition?: Edition | undefined;
}

/** Faults planted into stores, to prove that the simulator finds them. */
export interface Planted {
  /** In what is durable, below all observers. */
  readonly durable?: (store: Store) => Store;
  /** In the file of a SQLite store, between two processes. */
  readonly file?: (file: string) => void;
  /** In what a process sees, above its commits. */
  readonly port?: (store: Store) => Store;
  /** In a search index, and in what of the log it sees. */
  readonly index?: (index: SearchIndex) => SearchIndex;
  readonly indexSource?: SourcePlant;
}

/** What runs while an instance is up. */
export interface Running {
  readonly process: Process;
  readonly store: Store;
  /** The search index that follows the store, where there is one. */
  readonly search?: SearchIndex;
}

/** An instance: what is durable, and the process that runs on it, if one does. */
export class SimulatedInstance {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: Prng;
  /** Revisions that authors were told are stored. */
  readonly acknowledged: Acknowledged[] = [];
  /** Until somebody mends that, a record of its log is read as another one by the next processes. */
  poison: Poison | undefined;
  /** The chains of its log as it was read then. */
  readonly misread: Set<string> = new Set();
  /** The version of the program that the next process will be. */
  next: Edition;
  /** That of the process which opened the store last. */
  #edition: Edition;
  readonly #options: InstanceOptions;
  readonly #folder: SimulatedFolder;
  /** Who it is when there is nothing in its folder yet. */
  #origin: Identity;
  #durable: Store;
  /** A process ran here, or something else was put there since. */
  #isNew = true;
  #running: Running | undefined;

  constructor(options: InstanceOptions) {
    const { name, scheduler, random, sqlite } = options;
    this.#options = options;
    this.name = name;
    this.random = random;
    this.next = options.edition ?? THIS_EDITION;
    this.#edition = this.next;
    this.clock = new VirtualClock(scheduler, options.epochMs);
    this.#origin = this.#newIdentity();
    const { clock } = this;
    const stored = () => ({ identity: this.#origin, clock, random, edition: this.edition });
    const { file } = options.planted;
    this.#folder = new SimulatedFolder(
      name,
      sqlite ? durableFile(stored, file) : durableMemory(stored),
      options.indexed,
    );
    this.#durable = this.#seen();
  }

  #newIdentity(): Identity {
    const { random, name } = this;
    return { instance: randomId(random) as InstanceId, name, epoch: randomId(random) };
  }

  /** Who it is now. */
  get identity(): Identity {
    return this.#folder.store.identity();
  }

  #open(): void {
    this.#edition = this.next;
    this.#folder.open();
    this.#durable = this.#seen();
  }

  #seen(): Store {
    const { store } = this.#folder;
    return this.#options.planted.durable?.(store) ?? store;
  }

  /** What the program knows that this instance is. */
  get edition(): Edition {
    return this.#edition;
  }

  /** Equal for programs that know the same. */
  get version(): string {
    return printVersions(versionsOf(this.#edition)) ?? "first";
  }

  /** What survives a crash: a store in the state of its last commit, opened by the last process. */
  get durable(): Store {
    return this.#durable;
  }

  /** True where there is a search index. */
  get isIndexed(): boolean {
    return this.#folder.index !== undefined;
  }

  /** How far the file of its search index has come; undefined where there is none. */
  get indexed(): Lsn | undefined {
    return this.#folder.index?.covered;
  }

  /** Where its log ends. */
  get headLsn(): Lsn {
    return this.#folder.store.head().lsn;
  }

  /** What of its search index is not as the log says. */
  indexFindings(): Promise<readonly string[]> {
    return this.#folder.indexFindings();
  }

  get running(): Running | undefined {
    return this.#running;
  }

  start(hooks: StoreHooks): Running {
    if (!this.#isNew || this.next !== this.#edition) this.#open();
    const process = new Process(this.#options.scheduler);
    process.onKill(this.#folder.begin(process.timers, this.#isNew));
    this.#isNew = false;
    const { port, index: plant, indexSource = (source) => source } = this.#options.planted;
    const plain = simulatedStore(this.#read(), process, hooks);
    const store = port?.(plain) ?? plain;
    const index = this.#folder.indexIn(process, indexSource);
    const search = index && (plant?.(index) ?? index);
    this.#running =
      search === undefined
        ? { process, store }
        : { process, search, store: joinStores(store, store, search) };
    return this.#running;
  }

  #read(): Store {
    const { poison, durable } = this;
    return poison === undefined ? durable : new PoisonedLog(durable, poison, this.misread).store;
  }

  /** Ends the process at once; the store keeps what is committed. */
  crash(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.process.kill();
  }

  /** Ends the process as somebody who asks it to; connections just end. */
  stop(): void {
    if (this.#running === undefined) return;
    this.crash();
    this.#folder.end();
  }

  /** What is durable is put aside, while the process goes on. */
  backUp(): Backup {
    return this.#folder.backUp();
  }

  /** Nothing runs; the next process finds what was put aside once. */
  putBack(backup: Backup, how: SetBackHow): void {
    this.#folder.putBack(backup, how);
    this.#durable = this.#seen();
    this.#isNew = false;
  }

  /** Becomes a copy of the instance that a backup was made of. */
  takeOver(backup: Backup, isMachine: boolean): void {
    this.#folder.takeOver(backup, isMachine);
    this.#durable = this.#seen();
    this.#isNew = false;
  }

  /** Everything is lost, and somebody sets up another instance of that name. */
  wipe(): void {
    this.#origin = this.#newIdentity();
    this.#folder.wipe();
    this.#durable = this.#seen();
    this.#isNew = true;
  }

  /** Opens the folder as a command does that somebody runs while nothing else has it open. */
  async attend<T>(work: (store: Store) => Promise<T>): Promise<T> {
    this.#open();
    const end = this.#folder.begin({ after: () => () => {} }, this.#isNew);
    this.#isNew = false;
    const result = await work(this.#durable);
    end();
    this.#folder.end();
    return result;
  }

  /** What was not synced to disk is lost: gone, or as it was before. */
  losePower(isGone: boolean): void {
    this.#folder.losePower(isGone);
  }

  /** Ends it for good. */
  dispose(): void {
    this.crash();
    this.#folder.dispose();
  }
}
