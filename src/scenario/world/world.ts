import { SynclineError } from "../../base/errors.ts";
import type { AuthorCommand, AuthorOutcome } from "../../log/author.ts";
import { type Edition, printVersions, versionsOf } from "../../log/edition.ts";
import type { RunRow } from "../../store/rows.ts";
import type {
  ApplyOutcome,
  Awaitable,
  DropOutcome,
  PolicyChange,
  Store,
} from "../../store/store.ts";
import { Prng } from "../random/prng.ts";
import { describeCommit } from "./describe-commit.ts";
import { type Faults, NO_FAULTS } from "./faults.ts";
import { flowsOf, ownerOf, type PlannedLink, receiversOfParts, rowOf } from "./links.ts";
import { type LinkRunHow, Network } from "./network.ts";
import type { Poison } from "./poisoned-log.ts";
import { readLive } from "./read-derived.ts";
import { Removals } from "./removals.ts";
import { Scheduler } from "./scheduler.ts";
import { type Planted, SimulatedInstance } from "./simulated-instance.ts";
import type { Commit, CommitKind, StoreHooks } from "./simulated-store.ts";
import { Trace } from "./trace.ts";
import { type Violation, Watch } from "./watch.ts";
import type { EndedHow, Witness } from "./witness.ts";
import { Works } from "./works.ts";

/** A usual seed has hundreds; over this many, something goes round in circles. */
const EVENTS_MAX = 100_000;

export interface WorldOptions {
  readonly seed: number;
  readonly instances: readonly string[];
  readonly links: readonly PlannedLink[];
  /** Whose stores are SQLite files: everybody's, or those of some. */
  readonly sqlite?: boolean | ReadonlySet<string>;
  /** Whose SQLite stores have the product's search index beside them. */
  readonly indexed?: ReadonlySet<string>;
  readonly zstd?: boolean;
  readonly pageRevisionsMax: number;
  /** Where virtual time begins; 2026-01-15T10:00:00Z unless given. */
  readonly epochMs?: number;
  readonly keepTrace?: boolean;
  readonly planted?: Planted;
  /** The versions of the program that instances are at first: this one, unless given. */
  readonly editions?: ReadonlyMap<string, Edition>;
  /** Whose logs are read with a record in them that is no good. */
  readonly poisons?: ReadonlyMap<string, Poison>;
}

/**
 * Instances, the network between them, and time: the production code for stores, sessions and
 * links, with everything around it simulated. Whatever happens here depends on the options and on
 * what is called when, and on nothing else.
 */
export class World {
  readonly scheduler: Scheduler = new Scheduler();
  readonly trace: Trace;
  readonly watch: Watch;
  readonly instances: Map<string, SimulatedInstance> = new Map();
  readonly links: PlannedLink[];
  readonly violations: Violation[] = [];
  /** What happened at least once, by name: a run that meets no trouble proves nothing. */
  readonly marks: Set<string> = new Set();
  readonly network: Network;
  readonly removals: Removals = new Removals();
  readonly #options: WorldOptions;
  readonly #works: Works = new Works((violation) => this.report(violation));
  #faults: Faults = NO_FAULTS;
  /** Hears of each start of an instance. */
  onStarted: ((name: string) => void) | undefined;
  /** Hears of all that happens, as long as there is one. */
  witness: Witness | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.links = [...options.links];
    this.trace = new Trace(() => this.scheduler.nowMs, options.keepTrace === true);
    const flows = () => this.links.flatMap(flowsOf);
    this.watch = new Watch((violation) => this.report(violation), flows);
    this.network = new Network({
      ...{ scheduler: this.scheduler, trace: this.trace, watch: this.watch, works: this.#works },
      ...{ marks: this.marks, zstd: options.zstd === true, removals: this.removals },
      report: (violation) => this.report(violation),
      faults: () => this.#faults,
      witness: () => this.witness,
      get: (name) => this.get(name),
    });
    for (const name of options.instances) this.instances.set(name, this.#instance(name));
  }

  #instance(name: string, like: string = name): SimulatedInstance {
    const { sqlite = false } = this.#options;
    const instance = new SimulatedInstance({
      name,
      scheduler: this.scheduler,
      random: new Prng(this.#options.seed, `ids/${name}`),
      sqlite: sqlite === true || (sqlite !== false && sqlite.has(like)),
      indexed: this.#options.indexed?.has(like) === true,
      planted: this.#options.planted ?? {},
      edition: this.instances.get(like)?.edition ?? this.#options.editions?.get(name),
      epochMs: this.#options.epochMs,
    });
    instance.poison = this.#options.poisons?.get(name);
    // What waits for a record that is no good comes late, to those behind, too.
    const isPoisoned = (this.#options.poisons?.size ?? 0) > 0;
    const parts = receiversOfParts(this.links);
    // A copy begins with what the original got.
    const receivesAll = !isPoisoned && ![name, like].some((one) => parts.has(one));
    this.watch.add(instance, { receivesAll, copiedFrom: like });
    return instance;
  }

  /** Takes in another instance, which keeps its store as `like` does, with links of its own. */
  include(name: string, like: string, links: readonly PlannedLink[]): void {
    this.links.push(...links);
    this.instances.set(name, this.#instance(name, like));
  }

  /** Whose stores are files. */
  get files(): ReadonlySet<string> {
    const { sqlite = false } = this.#options;
    if (typeof sqlite !== "boolean") return sqlite;
    return new Set(sqlite ? this.#options.instances : []);
  }

  /** From now on these faults happen. */
  set faults(faults: Faults) {
    this.#faults = faults;
  }

  /** True when something did not hold, or when there is no end to what happens. */
  get isBroken(): boolean {
    if (this.violations.length === 0 && this.scheduler.events > EVENTS_MAX) {
      this.report({ invariant: "ends", detail: `over ${EVENTS_MAX} events` });
    }
    return this.violations.length > 0;
  }

  /** True while somebody is editing or syncing. */
  get isBusy(): boolean {
    return this.#works.count > 0;
  }

  report(violation: Violation): void {
    this.trace.add("*", `VIOLATION ${violation.invariant}: ${violation.detail}`);
    this.violations.push(violation);
  }

  get(name: string): SimulatedInstance {
    const instance = this.instances.get(name);
    if (instance === undefined) throw new SynclineError("INTERNAL", `no instance ${name}`);
    return instance;
  }

  /** Starts an instance, unless it is up. */
  start(name: string): void {
    if (this.get(name).running !== undefined) return;
    const { indexed, headLsn } = this.get(name);
    const index = indexed === undefined ? "" : `; its index covers ${indexed} of ${headLsn}`;
    this.trace.add(name, `starts${index}`);
    if (indexed !== undefined && indexed !== headLsn) this.marks.add("index behind at a start");
    this.get(name).start(this.#hooks(this.get(name)));
    this.onStarted?.(name);
  }

  crash(name: string, how: EndedHow = "crash"): void {
    this.#end(name, how, (instance) => instance.crash());
  }

  /** Ends an instance's process as somebody who asks it to. */
  stop(name: string): void {
    this.#end(name, "asked", (instance) => instance.stop());
  }

  #end(name: string, how: EndedHow, end: (instance: SimulatedInstance) => void): void {
    const instance = this.get(name);
    if (instance.running === undefined) return;
    this.trace.add(name, how === "asked" ? "stops" : "crashes");
    this.witness?.ended(name, how);
    end(instance);
    this.#faults.crashed(instance);
  }

  /** From now on an instance is another version of the program; its process ends. */
  update(name: string, edition: Edition): void {
    const instance = this.get(name);
    if (instance.next === edition) return;
    this.trace.add(name, `is updated: ${printVersions(versionsOf(edition)) ?? "first version"}`);
    this.witness?.did({ on: name, update: edition });
    instance.next = edition;
    this.crash(name);
  }

  #hooks(instance: SimulatedInstance): StoreHooks {
    return {
      latencyMs: () => this.#faults.storeMs(),
      beforeCommit: (kind, argument) => this.#beforeCommit(instance, kind, argument),
      afterCommit: (commit) => this.#afterCommit(instance, commit),
      afterEvaluation: () => this.watch.evaluated(instance.name),
      pageRevisionsMax: this.#options.pageRevisionsMax,
    };
  }

  #beforeCommit(instance: SimulatedInstance, kind: CommitKind, argument: unknown): void {
    const fault = this.#faults.beforeCommit(instance, kind);
    if (fault === undefined) return;
    this.witness?.failed(instance.name, fault, kind, argument);
    this.trace.add(instance.name, `${fault} before ${kind}`);
    this.marks.add(`${fault} before ${kind}`);
    if (fault === "refuse") throw new SynclineError("DISK_FULL", "the simulated disk is full");
    if (fault === "ioError") throw new SynclineError("STORE_IO", "the simulated disk is failing");
    this.crash(instance.name, "crash before commit");
  }

  async #afterCommit(instance: SimulatedInstance, commit: Commit): Promise<void> {
    this.trace.add(instance.name, describeCommit(commit));
    this.witness?.committed(instance.name, commit);
    await this.watch.committed(instance.name, commit);
    await this.#countRemoved(instance, commit);
    this.#markCommit(commit);
    if (!this.#faults.afterCommit(instance, commit.kind)) return;
    this.marks.add(`crash after ${commit.kind}`);
    this.crash(instance.name, "crash after commit");
  }

  async #countRemoved({ name, durable }: SimulatedInstance, commit: Commit): Promise<void> {
    const { kind, outcome } = commit;
    await this.removals.committed(name, kind, () => readLive(durable));
    if (kind !== "dropLeft" || (outcome as DropOutcome).dropped === 0) return;
    this.marks.add("dropped");
    this.removals.dropped();
  }

  #markCommit({ kind, outcome }: Commit): void {
    if (kind === "author" && (outcome as AuthorOutcome).purges !== undefined) {
      this.marks.add("purged");
    }
    if (kind !== "apply") return;
    const { duplicates, revisions, discarded, newConflicts } = outcome as ApplyOutcome;
    if (discarded > 0) this.marks.add("discarded");
    if (newConflicts > 0) this.marks.add("conflict found");
    if (duplicates > 0) this.marks.add("duplicates dropped");
    if (duplicates > 0 && revisions > 0) this.marks.add("batch half known");
  }

  /** Authors as a person at an instance would; undefined when the instance is down. */
  async author(name: string, command: AuthorCommand): Promise<AuthorOutcome | undefined> {
    const outcome = await this.#atInstance(name, (store) => store.author(command));
    this.get(name).acknowledged.push(...(outcome?.revisions ?? []));
    return outcome;
  }

  /** Changes the policy, as a person at an instance would. */
  async changePolicy(name: string, change: PolicyChange): Promise<void> {
    await this.#atInstance(name, (store) => store.changePolicy(change));
  }

  async #atInstance<T>(name: string, run: (store: Store) => Awaitable<T>): Promise<T | undefined> {
    const { running } = this.get(name);
    if (running === undefined) return undefined;
    const end = this.#works.begin(running.process);
    try {
      return await run(running.store);
    } finally {
      end();
    }
  }

  /** Adds a link's row to its owner's store, without a process. */
  async addLink(link: PlannedLink): Promise<void> {
    await this.get(ownerOf(link)).durable.saveLink(rowOf(link));
  }

  /**
   * Runs a link once, or as long as it is live. Undefined when its owner is down or goes down on the
   * way. The run's record is in the owner's store.
   */
  runLink(link: PlannedLink, how: LinkRunHow = {}): Promise<RunRow | undefined> {
    const run = this.network.run(link, how);
    if (this.get(ownerOf(link)).running === undefined) return run;
    const ended = this.witness?.ran(link);
    if (ended !== undefined) void run.then(ended);
    return run;
  }
}
