import { connect, createServer, type Server, type Socket } from "node:net";
import { FrameReader, type SeenMessage } from "./frame-reader.ts";

/** How bytes pass; what is left out is as on a good network. */
export interface Weather {
  /** Added to what each piece takes, each way. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  /** Pieces of at most so many bytes. */
  readonly sliceBytes?: number;
  /** Bytes are taken, and go nowhere. */
  readonly blackHole?: boolean;
  /** Nobody gets through to connect. */
  readonly isDown?: boolean;
}

/** From the side that connected, or back to it. */
export type Way = "out" | "in";

/** So long a connection that is to break may wait for a last word. */
const SAYS_MORE_MS_MAX = 1_000;

/** Two sockets, and whether what comes from either still goes anywhere. */
interface Pair {
  readonly sockets: readonly [Socket, Socket];
  isSilent: boolean;
  /** What comes from who connected arrives only then, also when that one is gone. */
  late?: Promise<void>;
}

/** Slicing everything into single bytes takes for ever; this much per connection does. */
const SLICED_BYTES_MAX = 4_096;

/** A TCP proxy on the loopback interface that does to connections what networks do. */
export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Where connections go; it may change with each start of what is there. */
  targetPort: number;
  /** From now on, also for connections that are open. */
  weather: Weather = {};
  /** Hears of each message that has been passed on. */
  onMessage: ((way: Way, message: SeenMessage) => void) | undefined;
  #bytes = 0;
  #held: PromiseWithResolvers<void> | undefined;

  private constructor(targetPort: number) {
    this.targetPort = targetPort;
    this.#server = createServer((socket) => this.#pass(socket));
  }

  static async listen(targetPort = 0): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { readonly port: number }).port;
  }

  /** What was passed on so far, both ways, but for the HTTP that a WebSocket begins with. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Ends all connections as a router does that forgets them: with a reset. */
  reset(): void {
    for (const { sockets } of this.#pairs) for (const one of sockets) one.resetAndDestroy();
  }

  /** Ends all connections in order, wherever they are. */
  cut(): void {
    for (const { sockets } of this.#pairs) for (const one of sockets) one.destroy();
  }

  /** The connections that are open stay open, and nothing comes through them any more. */
  silence(): void {
    for (const pair of this.#pairs) pair.isSilent = true;
  }

  /**
   * Whoever connected learns that the connection broke once it has said something more, or soon. The
   * other end knows nothing, and gets what was said when the returned function is called.
   */
  breakLate(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const pair of this.#pairs) {
      pair.late ??= promise;
      setTimeout(() => pair.sockets[0].end(), SAYS_MORE_MS_MAX).unref();
    }
    return resolve;
  }

  /** Bytes wait from now on until they are let go; none is lost. */
  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  letGo(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  async close(): Promise<void> {
    this.cut();
    this.letGo();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(near: Socket): void {
    if (this.weather.isDown === true) {
      near.on("error", () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.targetPort, "127.0.0.1");
    const pair: Pair = { sockets: [near, far], isSilent: false };
    this.#pairs.add(pair);
    for (const socket of pair.sockets) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        if (pair.late !== undefined && socket === near) return;
        this.#pairs.delete(pair);
        for (const other of pair.sockets) other.destroy();
      });
    }
    void this.#pump(pair, "out", near, far);
    void this.#pump(pair, "in", far, near);
  }

  /** Carries bytes one way, one piece after the other; a piece never goes beyond a message's end. */
  async #pump(pair: Pair, way: Way, from: Socket, to: Socket): Promise<void> {
    const reader = new FrameReader();
    let sliced = 0;
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        const before = reader.headBytes;
        const ends = [...reader.read(chunk)];
        const headEnd = reader.headBytes - before;
        for (let at = 0; at < chunk.length; ) {
          const { sliceBytes = chunk.length } = this.weather;
          const size = sliced < SLICED_BYTES_MAX ? sliceBytes : chunk.length;
          const [message] = ends;
          const piece = chunk.subarray(at, Math.min(at + size, message?.end ?? chunk.length));
          at += piece.length;
          sliced += size < chunk.length ? piece.length : 0;
          await this.#held?.promise;
          if (way === "out") await this.#late(pair);
          await this.#wait(piece.length);
          const isThrough = await this.#write(pair, to, piece);
          if (isThrough) this.#bytes += Math.max(0, Math.min(piece.length, at - headEnd));
          if (message === undefined || at < message.end) continue;
          ends.shift();
          if (isThrough) this.onMessage?.(way, message);
        }
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  /** Whoever has said this on a connection that is to break has said enough. */
  async #late({ late, sockets: [near] }: Pair): Promise<void> {
    if (late === undefined) return;
    near.end();
    await late;
  }

  /** False when it went nowhere. */
  async #write(pair: Pair, to: Socket, piece: Buffer): Promise<boolean> {
    if (this.weather.blackHole === true || pair.isSilent || to.destroyed) return false;
    const error = await new Promise((resolve) => {
      to.once("close", resolve);
      to.write(piece, (failed) => {
        to.off("close", resolve);
        resolve(failed ?? undefined);
      });
    });
    return error === undefined;
  }

  async #wait(bytes: number): Promise<void> {
    const { latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY, sliceBytes } = this.weather;
    const ms = latencyMs + (bytes / bytesPerSecond) * 1000;
    if (ms >= 1) await new Promise((resolve) => setTimeout(resolve, ms));
    // Pieces that follow each other at once arrive as one.
    else if (sliceBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
}
