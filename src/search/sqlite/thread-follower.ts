import { Worker } from "node:worker_threads";
import { asSynclineError, type ErrorJson, SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { Excerpt } from "../../log/excerpt.ts";
import type { Follower, FollowerEvents } from "./follower.ts";

/** What the thread is started with. */
export interface IndexThreadData {
  readonly file: string;
  readonly catalogFile: string;
}

/** What is said to the thread, and what it says. */
export type ToIndexThread = { readonly follow: Excerpt | null } | "close";
export type FromIndexThread =
  | { readonly covered: Lsn; readonly done: boolean; readonly replaced: boolean }
  | { readonly failed: ErrorJson };

/** The thread's heap in MiB: a page of entries and the largest documents fit many times over. */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/** Bytes that may wait for the thread; when more would, it reads the log. */
const HANDED_BYTES_MAX = 8 * 1024 * 1024;

/** The compiled package holds .js files, the sources .ts files. */
const THREAD = new URL(
  import.meta.url.endsWith(".ts") ? "./index-thread.ts" : "./index-thread.js",
  import.meta.url,
);

/** Follows on a thread of its own, which reads the catalog file itself. */
export class ThreadFollower implements Follower {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** What was handed over and is not in the index yet. */
  #handed: { readonly to: Lsn; readonly bytes: number }[] = [];

  constructor(data: IndexThreadData, events: FollowerEvents) {
    this.#worker = new Worker(THREAD, {
      workerData: data,
      name: "syncline-search",
      resourceLimits: HEAP_LIMITS,
    });
    this.#worker.unref();
    this.#worker.on("message", (message: FromIndexThread) => this.#deliver(message, events));
    this.#worker.on("error", (error) => events.failed(asSynclineError(error)));
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        if (code !== 0) events.failed(new SynclineError("INTERNAL", "the search thread ended"));
        resolve();
      });
    });
  }

  /** The thread keeps the process alive while it has work, and not when it is idle. */
  follow(excerpt?: Excerpt): void {
    this.#worker.ref();
    if (excerpt === undefined || !this.#hasRoomFor(excerpt)) {
      this.#post({ follow: null });
      return;
    }
    const { buffer } = excerpt.bytes;
    this.#handed.push({ to: excerpt.to, bytes: buffer.byteLength });
    this.#post({ follow: excerpt }, [buffer]);
  }

  #hasRoomFor(excerpt: Excerpt): boolean {
    const waiting = this.#handed.reduce((sum, { bytes }) => sum + bytes, 0);
    return waiting + excerpt.bytes.buffer.byteLength <= HANDED_BYTES_MAX;
  }

  #deliver(message: FromIndexThread, events: FollowerEvents): void {
    if ("failed" in message) {
      this.#worker.unref();
      events.failed(SynclineError.fromJSON(message.failed));
      return;
    }
    if (message.done) this.#worker.unref();
    if (message.replaced) events.replaced();
    this.#handed = this.#handed.filter(({ to }) => to > message.covered);
    events.covered(message.covered, message.done);
  }

  close(): Promise<void> {
    this.#worker.ref();
    this.#post("close");
    return this.#ended;
  }

  #post(message: ToIndexThread, handed: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, handed);
  }
}
