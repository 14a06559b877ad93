import { SynclineError } from "../../base/errors.ts";
import { FRAME_BYTES_MAX } from "../../base/limits.ts";
import {
  CLOSE_CODES,
  type CloseReason,
  type Connection,
  type ConnectionHandlers,
} from "../../sync/connection.ts";
import type { Way, Wire } from "./wire.ts";

interface Waiter {
  readonly bytesMax: number;
  readonly resolve: () => void;
}

/** One end of a {@link Wire}: the production code's connection. */
export class WireEnd implements Connection {
  readonly #wire: Wire;
  /** The way of what this end sends. */
  readonly #way: Way;
  #handlers: ConnectionHandlers | undefined;
  /** What came before anybody listened. */
  #early: (() => void)[] = [];
  #waiters: Waiter[] = [];
  #queuedBytes = 0;
  /** When the socket has sent all that is queued, and when the last frame arrives. */
  #idleAtMs = 0;
  #arrivesAtMs = 0;
  #isClosing = false;
  #isClosed = false;
  bytesIn = 0;
  bytesOut = 0;
  /** Lets something happen in the process at this end, which may be stopped. */
  enter: (run: () => void) => void = (run) => run();

  constructor(wire: Wire, way: Way) {
    this.#wire = wire;
    this.#way = way;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get bufferedBytes(): number {
    return this.#queuedBytes;
  }

  listen(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    const early = this.#early;
    this.#early = [];
    for (const tell of early) this.#wire.options.scheduler.after(0, () => this.enter(tell));
  }

  send(frame: string | Uint8Array): void {
    if (this.#isClosing || this.#isClosed) return;
    const bytes = sizeOf(frame);
    this.bytesOut += bytes;
    this.#wire.options.onFrame?.("sent", this.#way, frame);
    this.#transmit(bytes, 0, () => this.#wire.deliver(this.#way, frame));
  }

  /** Runs `arrive` when everything sent before and these bytes reached the other end. */
  #transmit(bytes: number, delayMs: number, arrive: () => void): void {
    const { scheduler, pace } = this.#wire.options;
    const startMs = Math.max(scheduler.nowMs, this.#idleAtMs);
    this.#idleAtMs = startMs + bytes / pace.bytesPerMs;
    const arrivesAtMs = this.#idleAtMs + pace.latencyMs() + delayMs;
    this.#arrivesAtMs = Math.max(this.#arrivesAtMs, arrivesAtMs);
    scheduler.after(this.#arrivesAtMs - scheduler.nowMs, () => {
      // After destroy() nothing of what was under way arrives.
      if (this.#arrivesAtMs !== Number.POSITIVE_INFINITY) arrive();
    });
    if (this.#idleAtMs <= scheduler.nowMs) return;
    this.#queuedBytes += bytes;
    scheduler.after(this.#idleAtMs - scheduler.nowMs, () => {
      this.#queuedBytes -= bytes;
      this.enter(() => this.#releaseWaiters());
    });
  }

  drained(bytesMax: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ bytesMax, resolve });
      this.#releaseWaiters();
    });
  }

  #releaseWaiters(): void {
    const isDue = ({ bytesMax }: Waiter) => this.#isClosed || this.#queuedBytes <= bytesMax;
    const due = this.#waiters.filter(isDue);
    this.#waiters = this.#waiters.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }

  close(code: number): void {
    if (this.#isClosing || this.#isClosed) return;
    this.#isClosing = true;
    const { closeDelayMs } = this.#wire.options.pace;
    this.#transmit(0, closeDelayMs, () => this.#wire.deliverClose(this.#way, code));
  }

  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosing = true;
    this.#arrivesAtMs = Number.POSITIVE_INFINITY;
    this.#wire.reset(this.#way);
    this.#wire.options.scheduler.after(0, () => this.finish({ code: CLOSE_CODES.broken }));
  }

  /** The process at this end is gone: it hears nothing any more; the other end may get a reset. */
  vanish(): void {
    this.#handlers = { frame: () => {}, closed: () => {} };
    this.#early = [];
    if (this.#wire.options.pace.diesSilently) this.#wire.silence(this.#way);
    this.destroy();
  }

  receive(data: string | Uint8Array): void {
    if (this.#isClosed) return;
    const bytes = sizeOf(data);
    if (bytes > FRAME_BYTES_MAX) {
      this.#refuse();
      return;
    }
    this.bytesIn += bytes;
    this.#tell((handlers) => handlers.frame(data));
  }

  /** A frame over the limit ends the connection, and says so to both. */
  #refuse(): void {
    const error = new SynclineError("FRAME_TOO_LARGE", "the peer sent a frame over the limit");
    this.close(CLOSE_CODES.tooLarge);
    this.finish({ code: CLOSE_CODES.tooLarge, error });
  }

  /** The other end closes: this one does too, after what it has queued. */
  receiveClose(code: number): void {
    if (this.#isClosed) return;
    this.close(code);
    this.finish({ code });
  }

  finish(reason: CloseReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#releaseWaiters();
    this.#tell((handlers) => handlers.closed(reason));
  }

  #tell(tell: (handlers: ConnectionHandlers) => void): void {
    const handlers = this.#handlers;
    if (handlers !== undefined) tell(handlers);
    else this.#early.push(() => this.#tell(tell));
  }
}

function sizeOf(frame: string | Uint8Array): number {
  return typeof frame === "string" ? Buffer.byteLength(frame) : frame.length;
}
