import { SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { AuthorCommand, AuthorOutcome } from "../../log/author.ts";
import type { Edition } from "../../log/edition.ts";
import type { RunRow } from "../../store/rows.ts";
import type { ApplyOutcome, Awaitable, PolicyChange, Store } from "../../store/store.ts";
import type { Codec } from "../../sync/codec.ts";
import type { Connection } from "../../sync/connection.ts";
import { acceptSync } from "../../sync/host/accept-sync.ts";
import { LiveRegister } from "../../sync/host/live-register.ts";
import { type RunLinkOptions, runLink } from "../../sync/host/run-link.ts";
import { plainCodec } from "../../sync/memory/plain-codec.ts";
import { zstdCodec } from "../../sync/zstd-codec.ts";
import type { Flow } from "../checkers/world-state.ts";
import { Prng } from "../random/prng.ts";
import { describeCommit } from "./describe-commit.ts";
import { ackedLsn, carriesRecords, describeFrame } from "./describe-frame.ts";
import { type Faults, NO_FAULTS } from "./faults.ts";
import { flowsOf, ownerOf, type PlannedLink, peerOf, rowOf } from "./links.ts";
import type { Process } from "./process.ts";
import { Scheduler } from "./scheduler.ts";
import { simulatedCodec } from "./simulated-codec.ts";
import { type Planted, type Running, SimulatedInstance } from "./simulated-instance.ts";
import type { Commit, CommitKind, StoreHooks } from "./simulated-store.ts";
import { Trace } from "./trace.ts";
import { type Violation, Watch } from "./watch.ts";
import { type Way, Wire } from "./wire.ts";

/** A usual seed has hundreds; over this many, something goes round in circles. */
const EVENTS_MAX = 100_000;

export interface WorldOptions {
  readonly seed: number;
  readonly instances: readonly string[];
  readonly links: readonly PlannedLink[];
  /** Whose stores are SQLite files: everybody's, or those of some. */
  readonly sqlite?: boolean | ReadonlySet<string>;
  readonly zstd?: boolean;
  readonly pageRevisionsMax: number;
  /** Where virtual time begins; 2026-01-15T10:00:00Z unless given. */
  readonly epochMs?: number;
  readonly keepTrace?: boolean;
  readonly planted?: Planted;
  /** What a newer version of the program knows, for instances that are updated. */
  readonly newer?: Edition;
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
  readonly instances: ReadonlyMap<string, SimulatedInstance>;
  readonly links: readonly PlannedLink[];
  readonly violations: Violation[] = [];
  /** What happened at least once, by name: a run that meets no trouble proves nothing. */
  readonly marks: Set<string> = new Set();
  readonly #options: WorldOptions;
  #faults: Faults = NO_FAULTS;
  /** Edits and runs under way, of both sides. */
  #works = 0;
  #batches = 0;
  #frames = 0;
  #bytes = 0;
  /** Hears of each start of an instance. */
  onStarted: ((name: string) => void) | undefined;
  readonly #registers = new WeakMap<Process, LiveRegister>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.links = options.links;
    this.trace = new Trace(() => this.scheduler.nowMs, options.keepTrace === true);
    this.watch = new Watch((violation) => this.report(violation));
    this.instances = new Map(options.instances.map((name) => [name, this.#instance(name)]));
  }

  #instance(name: string): SimulatedInstance {
    const { sqlite = false } = this.#options;
    const instance = new SimulatedInstance({
      name,
      scheduler: this.scheduler,
      random: new Prng(this.#options.seed, `ids/${name}`),
      sqlite: sqlite === true || (sqlite !== false && sqlite.has(name)),
      planted: this.#options.planted ?? {},
      newer: this.#options.newer,
      epochMs: this.#options.epochMs,
    });
    const receives = this.links.flatMap(flowsOf).some(({ target }) => target === name);
    this.watch.add(instance, !receives);
    return instance;
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
    return this.#works > 0;
  }

  /** Bytes that arrived so far, of all frames. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames with revisions or purges sent so far. */
  get batches(): number {
    return this.#batches;
  }

  /** Frames delivered so far. */
  get frames(): number {
    return this.#frames;
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
    this.trace.add(name, "starts");
    this.get(name).start(this.#hooks(this.get(name)));
    this.onStarted?.(name);
  }

  crash(name: string): void {
    if (this.get(name).running === undefined) return;
    this.trace.add(name, "crashes");
    this.get(name).crash();
    this.#faults.crashed(this.get(name));
  }

  /** From now on an instance is a newer version of the program; its process ends. */
  upgrade(name: string): void {
    const instance = this.get(name);
    if (instance.next === "new") return;
    this.trace.add(name, "is updated");
    instance.next = "new";
    this.crash(name);
  }

  #hooks(instance: SimulatedInstance): StoreHooks {
    return {
      latencyMs: () => this.#faults.storeMs(),
      beforeCommit: (kind) => this.#beforeCommit(instance, kind),
      afterCommit: (commit) => this.#afterCommit(instance, commit),
      pageRevisionsMax: this.#options.pageRevisionsMax,
    };
  }

  #beforeCommit(instance: SimulatedInstance, kind: CommitKind): void {
    const fault = this.#faults.beforeCommit(instance, kind);
    if (fault === undefined) return;
    this.trace.add(instance.name, `${fault} before ${kind}`);
    this.marks.add(`${fault} before ${kind}`);
    if (fault === "refuse") throw new SynclineError("DISK_FULL", "the simulated disk is full");
    this.crash(instance.name);
  }

  async #afterCommit(instance: SimulatedInstance, commit: Commit): Promise<void> {
    this.trace.add(instance.name, describeCommit(commit));
    await this.watch.committed(instance.name, commit);
    this.#markCommit(commit);
    if (!this.#faults.afterCommit(instance, commit.kind)) return;
    this.marks.add(`crash after ${commit.kind}`);
    this.crash(instance.name);
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
    const end = this.#begin(running.process);
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
   * Runs a link once, or as long as it is live. Undefined when its owner is down or goes down on the way. The run's record
   * is in the owner's store.
   */
  runLink(
    link: PlannedLink,
    how: Partial<Pick<RunLinkOptions, "live" | "again" | "signal" | "acceptRemovals">> = {},
  ): Promise<RunRow | undefined> {
    const owner = this.get(ownerOf(link));
    const { running } = owner;
    if (running === undefined) return Promise.resolve(undefined);
    const before = this.#lengthsOf(link);
    if (this.#works > 0) this.marks.add("runs at once");
    return this.#tracked(running.process, async () => {
      const row = (await running.store.links()).find(({ name }) => name === link.name);
      if (row === undefined) throw new SynclineError("LINK_NOT_FOUND", link.name);
      const run = await runLink({
        store: running.store,
        link: row,
        dial: () => this.#dial(link, owner, running.process),
        clock: owner.clock,
        timers: running.process.timers,
        random: owner.random,
        codec: () => this.#codec(running.process),
        ...how,
      });
      this.trace.add(owner.name, `ran ${link.name}: ${JSON.stringify(run)}`);
      this.marks.add(`${link.direction} ended ${run.error?.code ?? run.outcome}`);
      this.#ended(link, owner.name, run, before);
      return run;
    });
  }

  /** Where the logs of the sources end, for each way of a link. */
  #lengthsOf(link: PlannedLink): readonly (readonly [Flow, Lsn])[] {
    return flowsOf(link).map((flow) => [flow, this.watch.logLength(flow.source)]);
  }

  /** A run says of its own side how far it came; over a two-way link, as the target. */
  #ended(
    link: PlannedLink,
    who: string,
    run: RunRow,
    before: readonly (readonly [Flow, Lsn])[],
  ): void {
    for (const [{ source, target }, lsn] of before) {
      if (link.direction !== "both" || target === who) this.watch.ended(target, source, run);
      if (run.outcome === "ok") this.watch.endedOk(target, source, lsn);
    }
  }

  /** Counts some work until it ends (the returned function says so), or its process does. */
  #begin(process: Process, killed: () => void = () => {}): () => void {
    this.#works += 1;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.#works -= 1;
      forget();
    };
    const forget = process.onKill(() => {
      end();
      killed();
    });
    return end;
  }

  /** Awaits a run, unless its process ends first. Runs say what went wrong, and never throw. */
  #tracked<T>(process: Process, run: () => Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      const end = this.#begin(process, () => resolve(undefined));
      const fail = (error: unknown): void => {
        end();
        this.report({ invariant: "runs-never-throw", detail: String(error) });
        resolve(undefined);
      };
      const succeed = (result: T): void => {
        end();
        resolve(result);
      };
      void run().then(succeed, fail);
    });
  }

  #codec(process: Process): Codec {
    return simulatedCodec(this.#options.zstd === true ? zstdCodec() : plainCodec(), process);
  }

  async #dial(link: PlannedLink, owner: SimulatedInstance, process: Process): Promise<Connection> {
    const { pace, breakAt } = this.#faults.wire(owner.name, peerOf(link));
    await process.work(pace.latencyMs(), () => {});
    const peer = this.get(peerOf(link));
    const isOut = this.#faults.refuses?.(owner.name, peer.name) === true;
    if (peer.running === undefined || isOut) {
      throw new SynclineError("CONNECT_FAILED", `${peer.name} cannot be reached`, {
        retriable: true,
      });
    }
    const wire = new Wire({
      scheduler: this.scheduler,
      pace,
      ...(breakAt === undefined ? {} : { breakAt }),
      onFrame: (step, way, data) => this.#onFrame(link, step, way, data),
    });
    process.onKill(() => wire.dialer.vanish());
    peer.running.process.onKill(() => wire.acceptor.vanish());
    this.#accept(link, peer, peer.running, wire);
    this.#faults.connected(wire, owner.name, peer.name);
    this.trace.add(owner.name, `connects to ${peer.name}`);
    return wire.dialer;
  }

  #accept(
    link: PlannedLink,
    peer: SimulatedInstance,
    { process, store }: Running,
    wire: Wire,
  ): void {
    const before = this.#lengthsOf(link);
    void this.#tracked(process, async () => {
      const run = await acceptSync({
        store,
        connection: wire.acceptor,
        clock: peer.clock,
        timers: process.timers,
        random: peer.random,
        allow: { pull: true, push: true },
        codec: () => this.#codec(process),
        register: this.#registerOf(process),
      });
      this.trace.add(peer.name, `served: ${JSON.stringify(run)}`);
      this.#ended(link, peer.name, run, before);
    });
  }

  /** Live sessions end with the process that serves them. */
  #registerOf(process: Process): LiveRegister {
    const register = this.#registers.get(process) ?? new LiveRegister();
    this.#registers.set(process, register);
    return register;
  }

  #onFrame(
    link: PlannedLink,
    step: "sent" | "delivered",
    way: Way,
    data: string | Uint8Array,
  ): void {
    const [from, to] =
      way === "out" ? [ownerOf(link), peerOf(link)] : [peerOf(link), ownerOf(link)];
    if (step === "sent") {
      if (carriesRecords(data)) this.#batches += 1;
      const lsn = ackedLsn(data);
      if (lsn !== undefined) this.watch.acknowledged(from, to, lsn);
      return;
    }
    this.#frames += 1;
    this.#bytes += Buffer.byteLength(data);
    this.#faults.delivered?.(from);
    this.trace.add(from, `→ ${to} ${describeFrame(data)}`);
  }
}
