import type { SynclineError } from "../base/errors.ts";

/** How a connection ended. */
export interface CloseReason {
  /** A WebSocket close code; 1006 when the connection broke without one. */
  readonly code: number;
  /** What the transport knows to be the cause, such as a frame over the limit. */
  readonly error?: SynclineError;
}

/** Close codes that Syncline uses (RFC 6455, 7.4). */
export const CLOSE_CODES = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  broken: 1006,
  refused: 1008,
  tooLarge: 1009,
  fault: 1011,
} as const;

export interface ConnectionHandlers {
  /** A whole message, in the order it was sent. Text frames are strings. */
  readonly frame: (data: string | Uint8Array) => void;
  /** Once, after the last frame. */
  readonly closed: (reason: CloseReason) => void;
}

/**
 * The connection port: frames in order, both ways, no more than FRAME_BYTES_MAX each. Nothing
 * here throws; what goes wrong ends the connection. Implementations: in-process pairs and
 * WebSockets; one conformance suite runs against both.
 */
export interface Connection {
  /** Takes the handlers, once. What came earlier is delivered then, never inside this call. */
  listen(handlers: ConnectionHandlers): void;
  /** Queues a frame, of which the memory may be freed once it is sent. Ignored once closed. */
  send(frame: string | Uint8Array): void;
  /** Bytes queued and not yet handed to the network. */
  readonly bufferedBytes: number;
  /** Resolves when no more than `bytesMax` are queued, or the connection is closed. */
  drained(bytesMax: number): Promise<void>;
  /** All bytes of the connection, its opening included; still readable after its end. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Ends the connection after what is queued. `closed` follows when both sides have ended. */
  close(code: number): void;
  /** Ends it at once; what is queued is lost. */
  destroy(): void;
}
