import { SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { RunRow } from "../../store/rows.ts";
import type { Codec } from "../../sync/codec.ts";
import type { Connection } from "../../sync/connection.ts";
import { acceptSync } from "../../sync/host/accept-sync.ts";
import { LiveRegister } from "../../sync/host/live-register.ts";
import { type RunLinkOptions, runLink } from "../../sync/host/run-link.ts";
import { plainCodec } from "../../sync/memory/plain-codec.ts";
import { zstdCodec } from "../../sync/zstd-codec.ts";
import type { Flow } from "../checkers/world-state.ts";
import {
  ackedLsn,
  carriesRecords,
  describeFrame,
  hasEntered,
  isEvict,
  passingIn,
  revisionsIn,
} from "./describe-frame.ts";
import type { Faults } from "./faults.ts";
import type { Claimed, Life } from "./life.ts";
import { flowsOf, isWhole, ownerOf, type PlannedLink, peerOf } from "./links.ts";
import { mapWhenPossible } from "./mapped-links.ts";
import type { Process } from "./process.ts";
import { readLive } from "./read-derived.ts";
import type { Removals } from "./removals.ts";
import type { Scheduler } from "./scheduler.ts";
import { simulatedCodec } from "./simulated-codec.ts";
import type { Running, SimulatedInstance } from "./simulated-instance.ts";
import type { Trace } from "./trace.ts";
import type { Violation, Watch } from "./watch.ts";
import { type Way, Wire } from "./wire.ts";
import type { Witness } from "./witness.ts";
import type { Works } from "./works.ts";

/** What a network stands in. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly works: Works;
  readonly removals: Removals;
  readonly marks: Set<string>;
  readonly report: (violation: Violation) => void;
  readonly zstd: boolean;
  /** What goes wrong now. */
  readonly faults: () => Faults;
  readonly witness: () => Witness | undefined;
  readonly get: (name: string) => SimulatedInstance;
}

/** Where one way of a link stands when it is run: the logs that the two have then. */
interface Standing extends Claimed {
  readonly target: Life;
  /** Where the source's log ends. */
  readonly lsn: Lsn;
}

/** How a link is run. */
export type LinkRunHow = Partial<
  Pick<RunLinkOptions, "live" | "again" | "signal" | "acceptRemovals">
>;

/** What instances say to each other: runs links over simulated connections, and counts frames. */
export class Network {
  readonly #around: Surroundings;
  readonly #registers = new WeakMap<Process, LiveRegister>();
  readonly #mappedSince = new Map<string, Lsn>();
  #batches = 0;
  #frames = 0;
  #bytes = 0;

  constructor(around: Surroundings) {
    this.#around = around;
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

  /**
   * Runs a link once, or as long as it is live. Undefined when its owner is down or goes down on the way. The run's record
   * is in the owner's store.
   */
  run(link: PlannedLink, how: LinkRunHow = {}): Promise<RunRow | undefined> {
    const { works, marks, trace } = this.#around;
    const owner = this.#around.get(ownerOf(link));
    const { running } = owner;
    if (running === undefined) return Promise.resolve(undefined);
    // As the two stand when they connect, for the last time.
    let ways = this.#standing(link);
    if (works.count > 0) marks.add("runs at once");
    const isLive = how.live !== undefined;
    const isGuarded = how.acceptRemovals !== true && !isLive;
    const work = async (): Promise<RunRow> => {
      await this.#map(link, owner);
      const row = (await running.store.links()).find(({ name }) => name === link.name);
      if (row === undefined) throw new SynclineError("LINK_NOT_FOUND", link.name);
      const run = await runLink({
        store: running.store,
        link: row,
        dial: async () => {
          const connected = await this.#dial(link, owner, running.process, isLive);
          ways = connected.ways;
          return connected.end;
        },
        clock: owner.clock,
        timers: running.process.timers,
        random: owner.random,
        codec: () => this.#codec(running.process),
        edition: owner.edition,
        ...endOf(running),
        ...how,
      });
      trace.add(owner.name, `ran ${link.name}: ${JSON.stringify(run)}`);
      marks.add(`${link.direction} ended ${run.error?.code ?? run.outcome}`);
      this.#ended(link, owner.name, run, ways);
      return run;
    };
    const tracked = (): Promise<RunRow | undefined> =>
      works.tracked(running.process, work, { isLive });
    return this.#countingRemovals(owner, tracked, isGuarded ? link : undefined);
  }

  /** Sets what a link maps. A session that goes on without those rules ends by the older ones. */
  async #map(link: PlannedLink, { durable, name }: SimulatedInstance): Promise<void> {
    const { marks, trace, works } = this.#around;
    const since = await mapWhenPossible(durable, link);
    if (since === undefined) return;
    marks.add("organizations mapped");
    trace.add(name, `maps organizations over ${link.name}`);
    this.#mappedSince.set(link.name, works.count === 1 ? since : Number.POSITIVE_INFINITY);
  }

  /** Where its owner's log ended when a link began to map organizations. */
  mappedSince({ name }: Pick<PlannedLink, "name">): Lsn {
    return this.#mappedSince.get(name) ?? Number.POSITIVE_INFINITY;
  }

  /** Looks at what a run takes away where it was started, by a link that nobody agreed to more for. */
  async #countingRemovals(
    target: SimulatedInstance,
    work: () => Promise<RunRow | undefined>,
    link?: PlannedLink,
  ): Promise<RunRow | undefined> {
    const { removals } = this.#around;
    const end = removals.begin(target.name, link, () => readLive(target.durable));
    const run = await work();
    const wrong = end();
    if (run?.outcome === "ok" && wrong !== undefined) {
      this.#around.report({ invariant: "removals-held", detail: wrong });
    }
    return run;
  }

  /** Where each way of a link stands. */
  #standing(link: PlannedLink): readonly Standing[] {
    const { watch } = this.#around;
    return flowsOf(link).map((flow) => {
      const source = watch.lifeOf(flow.source);
      const target = watch.lifeOf(flow.target);
      // What a target cannot take waits until its source is mended.
      const isAll = isWhole(flow) && this.#around.get(flow.source).poison === undefined;
      return { source, target, isAll, lsn: source.mirror.length };
    });
  }

  /** A run says of its own side how far it came; over a two-way link, as the target. */
  #ended(link: PlannedLink, who: string, run: RunRow, before: readonly Standing[]): void {
    const { watch } = this.#around;
    for (const { target, lsn, ...claimed } of before) {
      if (link.direction !== "both" || target.name === who) {
        const what = `a run that ended ${run.outcome}`;
        // One that came to nothing says where the one before it ended, perhaps on what was misread.
        const isMisread = this.#around.get(claimed.source.name).misread.size > 0;
        const isAll = claimed.isAll && (run.outcome === "ok" || !isMisread);
        watch.claimOfRun(target, { ...claimed, isAll }, what, run.cursor.lsn);
      }
      if (run.outcome !== "ok") continue;
      watch.claim("ok-is-complete", target, claimed, "an ok run", lsn);
      const covered = target.name === who ? this.#around.get(who).indexed : undefined;
      if (covered !== undefined) watch.claimOfIndex(target, claimed, covered, lsn);
    }
  }

  #codec(process: Process): Codec {
    return simulatedCodec(this.#around.zstd ? zstdCodec() : plainCodec(), process);
  }

  async #dial(
    link: PlannedLink,
    owner: SimulatedInstance,
    process: Process,
    isLive: boolean,
  ): Promise<{ readonly end: Connection; readonly ways: readonly Standing[] }> {
    const { scheduler, trace } = this.#around;
    const faults = this.#around.faults();
    const { pace, breakAt } = faults.wire(owner.name, peerOf(link));
    await process.work(pace.latencyMs(), () => {});
    const peer = this.#around.get(peerOf(link));
    const isOut = faults.refuses?.(owner.name, peer.name) === true;
    if (peer.running === undefined || isOut) {
      throw new SynclineError("CONNECT_FAILED", `${peer.name} cannot be reached`, {
        retriable: true,
      });
    }
    const ways = this.#standing(link);
    const wire = new Wire({
      scheduler,
      pace,
      ...(breakAt === undefined ? {} : { breakAt }),
      onFrame: (step, way, data) => this.#onFrame(link, ways, { step, way, data }),
    });
    process.onKill(() => wire.dialer.vanish());
    peer.running.process.onKill(() => wire.acceptor.vanish());
    // The machine takes the connection also while the process is stopped.
    const { running } = peer;
    wire.dialer.enter = (run) => void process.enter(run);
    wire.acceptor.enter = (run) => void running.process.enter(run);
    wire.acceptor.enter(() => this.#accept(link, peer, wire, { isLive, ways }));
    faults.connected(wire, owner.name, peer.name);
    trace.add(owner.name, `connects to ${peer.name}`);
    return { end: wire.dialer, ways };
  }

  #accept(
    link: PlannedLink,
    { name, clock, random, running, edition }: SimulatedInstance,
    wire: Wire,
    // As the two stood when they connected, which may be before a stopped process takes it.
    { isLive, ways }: { readonly isLive: boolean; readonly ways: readonly Standing[] },
  ): void {
    if (running === undefined) return;
    const { process, store } = running;
    const end = endOf(running);
    const work = async (): Promise<RunRow> => {
      const run = await acceptSync({
        store,
        connection: wire.acceptor,
        ...{ clock, random, edition, timers: process.timers },
        allow: { pull: true, push: true },
        codec: () => this.#codec(process),
        register: this.#registerOf(process),
        ...end,
      });
      this.#around.trace.add(name, `served: ${JSON.stringify(run)}`);
      this.#ended(link, name, run, ways);
      return run;
    };
    const { works } = this.#around;
    void this.#countingRemovals(this.#around.get(name), () =>
      works.tracked(process, work, { isLive }),
    );
  }

  /** Live sessions end with the process that serves them. */
  #registerOf(process: Process): LiveRegister {
    const register = this.#registers.get(process) ?? new LiveRegister();
    this.#registers.set(process, register);
    return register;
  }

  /** `ways`: the link as it stood when the two connected. */
  #onFrame(
    link: PlannedLink,
    ways: readonly Standing[],
    { step, way, data }: { step: "sent" | "delivered"; way: Way; data: string | Uint8Array },
  ): void {
    const [from, to] =
      way === "out" ? [ownerOf(link), peerOf(link)] : [peerOf(link), ownerOf(link)];
    if (step === "sent") {
      if (carriesRecords(data)) this.#batches += 1;
      this.#onSent(flowsOf(link), from, data);
      const passing = passingIn(data);
      if (passing !== undefined) this.#around.removals.started(to, link, passing);
      const lsn = ackedLsn(data);
      const flow = ways.find(({ source, target }) => source.name === to && target.name === from);
      if (lsn === undefined || flow === undefined) return;
      this.#around.watch.claim("durable-before-ack", flow.target, flow, "an ACK", lsn);
      return;
    }
    this.#frames += 1;
    this.#bytes += Buffer.byteLength(data);
    this.#around.witness()?.delivered(from);
    this.#around.faults().delivered?.(from);
    this.#around.trace.add(from, `→ ${to} ${describeFrame(data)}`);
  }

  #onSent(flows: readonly Flow[], from: string, data: string | Uint8Array): void {
    const flow = flows.find(({ source }) => source === from);
    const { marks } = this.#around;
    if (isEvict(data)) marks.add("left a scope");
    if (!marks.has("entered a scope") && hasEntered(data)) marks.add("entered a scope");
    if (this.#around.zstd || flow === undefined || isWhole(flow)) return;
    this.#around.watch.sent(flow, revisionsIn(data));
  }
}

/** As a real host: a sync that brought something waits for the search index. */
function endOf({ search }: Running): Pick<RunLinkOptions, "beforeEnd"> {
  return search === undefined ? {} : { beforeEnd: (lsn) => search.covers(lsn) };
}
