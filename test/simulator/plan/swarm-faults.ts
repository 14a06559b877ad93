import type { Prng } from "../../../src/scenario/random/prng.ts";
import type { CommitFault, Faults, WirePlan } from "../../../src/scenario/world/faults.ts";
import type { SimulatedInstance } from "../../../src/scenario/world/simulated-instance.ts";
import type { CommitKind } from "../../../src/scenario/world/simulated-store.ts";
import type { Pace, Wire } from "../../../src/scenario/world/wire.ts";
import type { World } from "../../../src/scenario/world/world.ts";
import type { Recorder } from "../shrink/recorder.ts";
import type { FaultClass, Swarm } from "./swarm.ts";

const CUT_FRAME_MAX = 12;
const DOWN_MS_MAX = 20_000;
/** How many commits of each kind go wrong, for each way to go wrong. */
const COMMIT_FAULT_SHARES: Readonly<Record<CommitKind, number>> = {
  author: 0.03,
  apply: 0.08,
  dropLeft: 0.2,
  takePolicies: 0.08,
  changePolicy: 0.03,
  saveLink: 0.08,
  removeLink: 0.08,
  saveRun: 0.03,
  retryQuarantined: 0.08,
  dropQuarantined: 0.08,
};

/** The faults of one seed's chaos. */
export class SwarmFaults implements Faults {
  readonly #world: World;
  readonly #swarm: Swarm;
  /** What goes wrong, and how the network moves: drawn apart. */
  readonly #random: { readonly faults: Prng; readonly network: Prng };

  readonly #recorder: Recorder | undefined;
  /** Broken disks, until when. */
  readonly #failing = new Map<string, number>();

  constructor(
    world: World,
    swarm: Swarm,
    random: { faults: Prng; network: Prng },
    recorder?: Recorder,
  ) {
    this.#recorder = recorder;
    this.#world = world;
    this.#swarm = swarm;
    this.#random = random;
  }

  #happens(fault: FaultClass, share: number): boolean {
    return this.#swarm.faults.has(fault) && this.#random.faults.chance(share);
  }

  wire(dialer: string, acceptor: string): WirePlan {
    const { faults, network } = this.#random;
    const isSlow = this.#happens("slowNetwork", 0.5);
    const latencyMs = isSlow ? network.magnitude(20, 3_000) : network.magnitude(1, 20);
    const pace: Pace = {
      latencyMs: () => latencyMs * (1 + network.fraction() / 4),
      bytesPerMs: isSlow ? network.magnitude(20, 2_000) : Number.POSITIVE_INFINITY,
      diesSilently: this.#happens("halfOpen", 0.3),
      closeDelayMs: this.#happens("lateClose", 0.5) ? network.magnitude(1, 10_000) : 0,
    };
    if (isSlow) this.#recorder?.slowed([dialer, acceptor], latencyMs, pace.bytesPerMs);
    const how = this.#breaks();
    if (how === undefined) return { pace };
    const way = faults.pick(["out", "in"] as const);
    const frame = faults.between(0, CUT_FRAME_MAX);
    const from = way === "out" ? dialer : acceptor;
    this.#recorder?.breaks([dialer, acceptor], from, frame, pace.closeDelayMs);
    return { pace, breakAt: { way, frame, how } };
  }

  #breaks(): "cut" | "damage" | undefined {
    if (this.#happens("cut", 0.5)) return "cut";
    return this.#happens("damage", 0.5) ? "damage" : undefined;
  }

  connected(wire: Wire, ...ends: readonly [string, string]): void {
    this.#recorder?.connected(wire, ends);
    if (!this.#happens("halfOpen", 0.3)) return;
    const { faults } = this.#random;
    const ways = faults.pick([["out"], ["in"], ["out", "in"]] as const);
    const { scheduler } = this.#world;
    scheduler.after(faults.magnitude(1, 2_000), () => {
      for (const way of ways) wire.silence(way);
      if (!wire.isOver) this.#recorder?.silenced(ends);
    });
    if (!faults.chance(0.5)) return;
    scheduler.after(faults.magnitude(100, 60_000), () => {
      if (!wire.isOver) this.#recorder?.cut(ends);
      wire.cut();
    });
  }

  beforeCommit({ name }: SimulatedInstance, kind: CommitKind): CommitFault {
    if ((this.#failing.get(name) ?? 0) > this.#world.scheduler.nowMs) return "ioError";
    if (this.#happens("ioError", COMMIT_FAULT_SHARES[kind])) {
      if (this.#random.faults.chance(0.2)) this.#failFor(name);
      return "ioError";
    }
    if (this.#happens("crashAtCommit", COMMIT_FAULT_SHARES[kind])) return "crash";
    return this.#happens("diskFull", COMMIT_FAULT_SHARES[kind]) ? "refuse" : undefined;
  }

  /** The disk is broken until somebody mends it. */
  #failFor(name: string): void {
    const ms = this.#random.faults.magnitude(100, DOWN_MS_MAX);
    this.#failing.set(name, this.#world.scheduler.nowMs + ms);
  }

  afterCommit(_instance: SimulatedInstance, kind: CommitKind): boolean {
    return this.#happens("crashAtCommit", COMMIT_FAULT_SHARES[kind]);
  }

  crashed({ name }: SimulatedInstance): void {
    const downMs = this.#random.faults.magnitude(100, DOWN_MS_MAX);
    this.#recorder?.isDown(name, downMs);
    this.#world.scheduler.after(downMs, () => this.#world.start(name));
  }

  storeMs(): number {
    return this.#random.network.fraction() * this.#swarm.storeMsMax;
  }
}
