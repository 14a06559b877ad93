import { SynclineError } from "../../base/errors.ts";
import { FRAME_BYTES_MAX } from "../../base/limits.ts";
import {
  CLOSE_CODES,
  type CloseReason,
  type Connection,
  type ConnectionHandlers,
} from "../connection.ts";

export interface MemoryPairOptions {
  /**
   * Runs a delivery later: after a microtask unless given. Deliveries of one direction happen in
   * order whatever order their runs come in. The simulator schedules them at virtual times.
   */
  readonly schedule?: (deliver: () => void, bytes: number) => void;
  /** Cuts the connection once this many frames, both ways together, were delivered. */
  readonly cutAfterFrames?: number;
  /** Sees each frame when it is delivered. */
  readonly onFrame?: (from: "dialer" | "acceptor", data: string | Uint8Array) => void;
}

export interface MemoryPair {
  readonly dialer: Connection;
  readonly acceptor: Connection;
  /** Breaks the connection: what is under way is lost, both sides see it end without a code. */
  cut(): void;
}

/** A connection inside the process, as its two ends. */
export function memoryPair(options: MemoryPairOptions = {}): MemoryPair {
  const schedule = options.schedule ?? ((deliver) => queueMicrotask(deliver));
  let delivered = 0;
  const cut = (): void => {
    dialer.end({ code: CLOSE_CODES.broken });
    acceptor.end({ code: CLOSE_CODES.broken });
  };
  const watch = (from: "dialer" | "acceptor") => (data: string | Uint8Array) => {
    options.onFrame?.(from, data);
    delivered += 1;
    if (delivered === options.cutAfterFrames) cut();
  };
  const dialer = new MemoryEnd(schedule, watch("acceptor"));
  const acceptor = new MemoryEnd(schedule, watch("dialer"));
  dialer.peer = acceptor;
  acceptor.peer = dialer;
  if (options.cutAfterFrames === 0) cut();
  return { dialer, acceptor, cut };
}

type Schedule = NonNullable<MemoryPairOptions["schedule"]>;
type Parcel = { readonly data: string | Uint8Array } | { readonly reason: CloseReason };

class MemoryEnd implements Connection {
  readonly #schedule: Schedule;
  readonly #watch: (data: string | Uint8Array) => void;
  peer: MemoryEnd | undefined;
  #handlers: ConnectionHandlers | undefined;
  /** On the way to this end. */
  readonly #inbound: Parcel[] = [];
  #waiting: { readonly bytesMax: number; readonly resolve: () => void }[] = [];
  #isClosing = false;
  /** How it ended; undefined while it is open. */
  #reason: CloseReason | undefined;
  bufferedBytes = 0;
  bytesIn = 0;
  bytesOut = 0;

  constructor(schedule: Schedule, watch: (data: string | Uint8Array) => void) {
    this.#schedule = schedule;
    this.#watch = watch;
  }

  listen(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    const reason = this.#reason;
    if (reason !== undefined) queueMicrotask(() => handlers.closed(reason));
    for (const parcel of this.#inbound) this.#schedule(() => this.#deliver(), sizeOf(parcel));
  }

  send(frame: string | Uint8Array): void {
    if (this.#isClosing || this.#reason !== undefined) return;
    const bytes = sizeOf({ data: frame });
    this.bytesOut += bytes;
    this.bufferedBytes += bytes;
    this.peer?.receive({ data: frame });
  }

  receive(parcel: Parcel): void {
    if (this.#reason !== undefined) return;
    this.#inbound.push(parcel);
    if (this.#handlers !== undefined) this.#schedule(() => this.#deliver(), sizeOf(parcel));
  }

  #deliver(): void {
    const parcel = this.#inbound.shift();
    if (parcel === undefined || this.#reason !== undefined) return;
    if ("reason" in parcel) {
      this.peer?.end(parcel.reason);
      this.end(parcel.reason);
      return;
    }
    const bytes = sizeOf(parcel);
    if (bytes > FRAME_BYTES_MAX) {
      this.peer?.end({ code: CLOSE_CODES.tooLarge });
      this.end({ code: CLOSE_CODES.tooLarge, error: tooLarge() });
      return;
    }
    this.bytesIn += bytes;
    this.peer?.release(bytes);
    this.#handlers?.frame(parcel.data);
    this.#watch(parcel.data);
  }

  release(bytes: number): void {
    this.bufferedBytes -= bytes;
    const ready = this.#waiting.filter(({ bytesMax }) => this.bufferedBytes <= bytesMax);
    this.#waiting = this.#waiting.filter(({ bytesMax }) => this.bufferedBytes > bytesMax);
    for (const { resolve } of ready) resolve();
  }

  drained(bytesMax: number): Promise<void> {
    if (this.#reason !== undefined || this.bufferedBytes <= bytesMax) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ bytesMax, resolve }));
  }

  close(code: number): void {
    if (this.#isClosing || this.#reason !== undefined) return;
    this.#isClosing = true;
    this.peer?.receive({ reason: { code } });
  }

  destroy(): void {
    this.peer?.end({ code: CLOSE_CODES.broken });
    this.end({ code: CLOSE_CODES.broken });
  }

  end(reason: CloseReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#inbound.length = 0;
    for (const { resolve } of this.#waiting) resolve();
    const { closed } = this.#handlers ?? {};
    if (closed !== undefined) queueMicrotask(() => closed(reason));
  }
}

function tooLarge(): SynclineError {
  return new SynclineError("FRAME_TOO_LARGE", "the peer sent a frame over the limit");
}

function sizeOf(parcel: Parcel): number {
  if ("reason" in parcel) return 0;
  return typeof parcel.data === "string" ? Buffer.byteLength(parcel.data) : parcel.data.length;
}
