import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { SynclineError } from "../../base/errors.ts";
import { freeMemory, takeOver } from "../../base/own-memory.ts";
import type { CloseReason, Connection, ConnectionHandlers } from "../connection.ts";

/** A WebSocket as a connection. The socket below it counts the bytes, the HTTP upgrade included. */
export class WsConnection implements Connection {
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #early: (string | Uint8Array)[] = [];
  #handlers: ConnectionHandlers | undefined;
  #waiting: { readonly bytesMax: number; readonly resolve: () => void }[] = [];
  #error: SynclineError | undefined;
  #reason: CloseReason | undefined;

  /** Takes an open WebSocket that nobody listens to yet, and the socket it runs on. */
  constructor(ws: WebSocket, socket: Socket) {
    this.#ws = ws;
    this.#socket = socket;
    socket.setNoDelay(true);
    ws.on("message", (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    ws.on("error", (error) => {
      this.#error = errorOf(error);
    });
    ws.on("close", (code) => this.#onClose(code));
  }

  listen(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    queueMicrotask(() => {
      for (const data of this.#early.splice(0)) handlers.frame(data);
      if (this.#reason !== undefined) handlers.closed(this.#reason);
    });
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    const frame = isBinary ? takeOver(data) : data.toString();
    if (this.#handlers === undefined || this.#early.length > 0) this.#early.push(frame);
    else this.#handlers.frame(frame);
  }

  #onClose(code: number): void {
    const error = this.#error;
    this.#reason = error === undefined ? { code } : { code, error };
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    if (this.#early.length === 0) this.#handlers?.closed(this.#reason);
  }

  send(frame: string | Uint8Array): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.send(frame, () => this.#sent(frame));
  }

  #sent(frame: string | Uint8Array): void {
    if (typeof frame !== "string") freeMemory(frame);
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting.splice(0);
    for (const entry of waiting) {
      if (this.bufferedBytes <= entry.bytesMax) entry.resolve();
      else this.#waiting.push(entry);
    }
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  drained(bytesMax: number): Promise<void> {
    if (this.bufferedBytes <= bytesMax || this.#reason !== undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ bytesMax, resolve }));
  }

  get bytesIn(): number {
    return this.#socket.bytesRead;
  }

  get bytesOut(): number {
    return this.#socket.bytesWritten;
  }

  close(code: number): void {
    this.#ws.close(code);
  }

  destroy(): void {
    this.#ws.terminate();
  }
}

/** What a transport error means to the session; undefined for a plain loss of the connection. */
function errorOf(error: Error & { readonly code?: string }): SynclineError | undefined {
  const { code = "", message } = error;
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" || code === "WS_ERR_TOO_MANY_BUFFERED_PARTS") {
    return new SynclineError("FRAME_TOO_LARGE", `the peer sent a frame over the limit: ${message}`);
  }
  if (!code.startsWith("WS_ERR")) return undefined;
  return new SynclineError("PROTOCOL_ERROR", `the peer broke the WebSocket protocol: ${message}`);
}
