import { CLOSE_CODES, type CloseReason } from "../../sync/connection.ts";
import type { Scheduler } from "./scheduler.ts";
import { WireEnd } from "./wire-end.ts";

/** The two directions of a connection, as its dialer sees them. */
export type Way = "out" | "in";

/** What one frame goes through. */
export interface Pace {
  /** From the sender's socket to the receiver's. */
  readonly latencyMs: () => number;
  /** How fast a sender's queue drains; infinite: no queue. */
  readonly bytesPerMs: number;
  /** What the news of an end takes in addition. */
  readonly closeDelayMs: number;
  /** A process that dies leaves its peer in the dark, as when a machine loses power. */
  readonly diesSilently: boolean;
}

/**
 * What happens instead of delivering frame `frame` (from 0; the close counts) of that way: both
 * ends learn that the connection broke, or the frame and all later ones of that way vanish, or it
 * arrives with a bit flipped.
 */
export interface BreakPoint {
  readonly way: Way;
  readonly frame: number;
  readonly how: "cut" | "silence" | "damage";
}

export interface WireOptions {
  readonly scheduler: Scheduler;
  readonly pace: Pace;
  readonly breakAt?: BreakPoint;
  /** Sees each frame as it is sent and as it is delivered; in a black hole it is only sent. */
  readonly onFrame?: (step: "sent" | "delivered", way: Way, data: string | Uint8Array) => void;
}

/**
 * One simulated connection: two ends, frames in order on each way. It can be cut, swallow frames
 * without a word (half open), and bring the news of its end late.
 */
export class Wire {
  readonly options: WireOptions;
  readonly dialer: WireEnd;
  readonly acceptor: WireEnd;
  readonly #silent: Record<Way, boolean> = { out: false, in: false };
  readonly #delivered: Record<Way, number> = { out: 0, in: 0 };
  #isCut = false;

  constructor(options: WireOptions) {
    this.options = options;
    this.dialer = new WireEnd(this, "out");
    this.acceptor = new WireEnd(this, "in");
  }

  /** Frames that arrived so far, by way, the close included. */
  get delivered(): Readonly<Record<Way, number>> {
    return this.#delivered;
  }

  get isOver(): boolean {
    return this.dialer.isClosed && this.acceptor.isClosed;
  }

  /** Both ends learn at their own time that the connection broke; what is under way is lost. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    for (const end of [this.dialer, this.acceptor]) this.breakEnd(end);
  }

  /** From now on frames of that way vanish, and so do the news of its end. */
  silence(way: Way): void {
    this.#silent[way] = true;
  }

  /** Tells one end that the connection broke. */
  breakEnd(end: WireEnd): void {
    const { scheduler, pace } = this.options;
    const reason: CloseReason = { code: CLOSE_CODES.broken };
    scheduler.after(pace.closeDelayMs, () => end.enter(() => end.finish(reason)));
  }

  /** Brings a frame from one end to the other. */
  deliver(way: Way, data: string | Uint8Array): void {
    const isDamaged = this.#isDue(way) && this.options.breakAt?.how === "damage";
    if (!this.#passes(way)) return;
    this.options.onFrame?.("delivered", way, data);
    const end = this.#receiver(way);
    end.enter(() => end.receive(isDamaged ? damaged(data) : data));
  }

  /** Counts what arrives, and breaks the connection when its time has come. */
  #passes(way: Way): boolean {
    const { breakAt } = this.options;
    if (this.#isDue(way) && breakAt?.how === "cut") this.cut();
    if (this.#isDue(way) && breakAt?.how === "silence") this.silence(way);
    if (this.#isCut || this.#silent[way]) return false;
    this.#delivered[way] += 1;
    return true;
  }

  /** True when it is the next frame of that way to which something happens. */
  #isDue(way: Way): boolean {
    const { breakAt } = this.options;
    return breakAt?.way === way && breakAt.frame === this.#delivered[way];
  }

  /** Brings the news that one end wants to close. */
  deliverClose(way: Way, code: number): void {
    const end = this.#receiver(way);
    if (this.#passes(way)) end.enter(() => end.receiveClose(code));
  }

  /** One end is gone without a close: the other one learns it, unless the way is silent. */
  reset(way: Way): void {
    if (this.#isCut || this.#silent[way]) return;
    const { scheduler, pace } = this.options;
    const end = this.#receiver(way);
    const reason: CloseReason = { code: CLOSE_CODES.broken };
    scheduler.after(pace.latencyMs() + pace.closeDelayMs, () => {
      if (!this.#silent[way]) end.enter(() => end.finish(reason));
    });
  }

  #receiver(way: Way): WireEnd {
    return way === "out" ? this.acceptor : this.dialer;
  }
}

/** The frame with a bit of its middle flipped. */
function damaged(data: string | Uint8Array): string | Uint8Array {
  const copy = Buffer.from(data);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] as number) ^ 1;
  return typeof data === "string" ? copy.toString() : copy;
}
