import type { SimulatedInstance } from "./simulated-instance.ts";
import type { CommitKind } from "./simulated-store.ts";
import type { BreakPoint, Pace, Wire } from "./wire.ts";

/** What goes wrong at a commit, if anything: the process ends, or the disk is full, or fails. */
export type CommitFault = "crash" | "refuse" | "ioError" | undefined;

/** How a connection will behave. */
export interface WirePlan {
  readonly pace: Pace;
  readonly breakAt?: BreakPoint;
}

/** Decides what goes wrong. The world asks at each point where something can. */
export interface Faults {
  /** How a new connection moves, and whether it will break at a frame. */
  wire(dialer: string, acceptor: string): WirePlan;
  /** A connection was made. */
  connected(wire: Wire, dialer: string, acceptor: string): void;
  /** True: nobody can be reached that way now. */
  refuses?(dialer: string, acceptor: string): boolean;
  /** A frame arrived that this instance sent. */
  delivered?(from: string): void;
  beforeCommit(instance: SimulatedInstance, kind: CommitKind): CommitFault;
  /** True: the process ends before anybody learns of the commit. */
  afterCommit(instance: SimulatedInstance, kind: CommitKind): boolean;
  /** An instance is down. Nobody but the faults brings it up again before the network heals. */
  crashed(instance: SimulatedInstance): void;
  /** What a call of a store takes. */
  storeMs(): number;
}

/** A network without trouble: frames take a millisecond, whatever their size. */
export const CALM_PACE: Pace = {
  latencyMs: () => 1,
  bytesPerMs: Number.POSITIVE_INFINITY,
  closeDelayMs: 0,
  diesSilently: false,
};

/** Nothing goes wrong. */
export const NO_FAULTS: Faults = {
  wire: () => ({ pace: CALM_PACE }),
  connected: () => {},
  beforeCommit: () => undefined,
  afterCommit: () => false,
  crashed: () => {},
  storeMs: () => 0.1,
};
