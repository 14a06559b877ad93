import { connect, createServer, type Server, type Socket } from "node:net";

/** How bytes pass; what is left out is as on a good network. */
export interface Weather {
  /** Added to what each piece takes, each way. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  /** Pieces of at most so many bytes. */
  readonly sliceBytes?: number;
  /** Bytes are taken, and go nowhere. */
  readonly blackHole?: boolean;
}

/** Slicing everything into single bytes takes for ever; this much per connection does. */
const SLICED_BYTES_MAX = 4_096;

/** A TCP proxy on the loopback interface that does to connections what networks do. */
export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #targetPort: number;
  #weather: Weather = {};

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((socket) => this.#pass(socket));
  }

  static async listen(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { readonly port: number }).port;
  }

  /** From now on, also for connections that are open. */
  set weather(weather: Weather) {
    this.#weather = weather;
  }

  /** Ends all connections as a router does that forgets them: with a reset. */
  reset(): void {
    for (const [one, other] of this.#pairs) {
      one.resetAndDestroy();
      other.resetAndDestroy();
    }
  }

  /** Ends all connections in order, wherever they are. */
  cut(): void {
    for (const [one, other] of this.#pairs) {
      one.destroy();
      other.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(near: Socket): void {
    const far = connect(this.#targetPort, "127.0.0.1");
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    void this.#pump(near, far);
    void this.#pump(far, near);
  }

  /** Carries bytes one way, one piece after the other. */
  async #pump(from: Socket, to: Socket): Promise<void> {
    let sliced = 0;
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; ) {
          const { sliceBytes = chunk.length } = this.#weather;
          const size = sliced < SLICED_BYTES_MAX ? sliceBytes : chunk.length;
          const piece = chunk.subarray(at, at + size);
          at += piece.length;
          sliced += size < chunk.length ? piece.length : 0;
          await this.#wait(piece.length);
          if (this.#weather.blackHole !== true && !to.destroyed) to.write(piece);
        }
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  async #wait(bytes: number): Promise<void> {
    const { latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.#weather;
    const ms = latencyMs + (bytes / bytesPerSecond) * 1000;
    if (ms >= 1) await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
