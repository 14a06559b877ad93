import { Worker } from "node:worker_threads";
import { asSynclineError, SynclineError } from "../../base/errors.ts";
import { isOwnMemory } from "../../base/own-memory.ts";
import type { Clock } from "../../base/ports/clock.ts";
import { type CommitListener, Commits } from "../commits.ts";
import type { Identity } from "../rows.ts";
import { STORE_METHODS, type Store, type StoreMethod } from "../store.ts";
import type { WorkerAnswer, WorkerCall, WorkerData } from "./worker-protocol.ts";

/** The port with every answer a promise. */
export type AsyncStore = {
  [Method in StoreMethod]: (
    ...args: Parameters<Store[Method]>
  ) => Promise<Awaited<ReturnType<Store[Method]>>>;
} & Pick<Store, "subscribe">;

/**
 * The thread's heap in MiB. Without limits V8 lets garbage pile up to hundreds of MiB before it
 * looks; the largest changeset allowed needs well under half of this. More room for young
 * objects makes a first sync use a few percent less CPU at best, and 15 MiB more memory.
 */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A SQLite store in a thread of its own: the same port, forwarded. Large batches are handed over
 * without copying, so the caller must not use their bytes afterwards.
 */
export const WorkerStore = {
  /** Opens an existing file for writing; throws what `SqliteStore.open` throws. */
  open(file: string, { shift }: Pick<Clock, "shift"> = {}): Promise<AsyncStore> {
    return start({ file, create: null, ...(shift === undefined ? {} : { shift }) });
  },

  /** Makes a new file and opens it for writing. */
  create(file: string, identity: Identity): Promise<AsyncStore> {
    return start({ file, create: identity });
  },
} as const;

async function start(data: WorkerData): Promise<AsyncStore> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const script = new URL(`./worker.${extension}`, import.meta.url);
  const caller = new Caller(new Worker(script, { workerData: data, resourceLimits: HEAP_LIMITS }));
  await caller.opened;
  const methods = STORE_METHODS.map((method) => [
    method,
    (...args: unknown[]) => caller.call(method, args),
  ]);
  const subscribe = (listener: CommitListener): (() => void) => caller.commits.subscribe(listener);
  return { ...Object.fromEntries(methods), subscribe } as AsyncStore;
}

class Caller {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly opened: Promise<unknown>;
  readonly commits: Commits = new Commits();
  #next = 0;
  #closing = false;
  #ended: SynclineError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => this.#pending.set(0, { resolve, reject }));
    worker.on("message", (answer: WorkerAnswer) => this.#settle(answer));
    worker.on("error", (error) => this.#end(error));
    worker.on("messageerror", (error) => this.#end(error));
    worker.on("exit", () => this.#end(undefined));
  }

  call(method: StoreMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (method === "close") this.#closing = true;
    const call: WorkerCall = { id: ++this.#next, method, args };
    return new Promise((resolve, reject) => {
      this.#pending.set(call.id, { resolve, reject });
      try {
        this.#worker.postMessage(call, transferable(method, args));
      } catch (error) {
        this.#pending.delete(call.id);
        reject(asSynclineError(error));
      }
    });
  }

  #settle(answer: WorkerAnswer): void {
    if ("committed" in answer) {
      this.commits.tell(answer.committed);
      return;
    }
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ("error" in answer) pending?.reject(SynclineError.fromJSON(answer.error));
    else pending?.resolve(answer.result);
    if (answer.id === 0 && "error" in answer) void this.#worker.terminate();
  }

  /** The thread is gone: what it had not answered may or may not be stored. */
  #end(cause: unknown): void {
    this.#ended ??= this.#closing && cause === undefined ? closed() : crashed(cause);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

function closed(): SynclineError {
  return new SynclineError("CLOSED", "the store is closed");
}

function crashed(cause: unknown): SynclineError {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new SynclineError("INTERNAL", `the store's thread ended unexpectedly${why}`, {
    cause,
    hint: "open the instance again: what was acknowledged is there",
  });
}

/** From this size on, handing over costs less than copying. */
const TRANSFER_BYTES_MIN = 16 * 1024;

/** A large batch's buffer, when the batch is all there is in it. */
function transferable(method: StoreMethod, args: readonly unknown[]): ArrayBuffer[] {
  if (method !== "apply") return [];
  const { bytes } = args[0] as Parameters<Store["apply"]>[0];
  if (bytes.buffer instanceof ArrayBuffer && bytes.buffer.detached) {
    throw new SynclineError("INTERNAL", "a batch was handed over twice: its bytes are gone");
  }
  if (bytes.byteLength < TRANSFER_BYTES_MIN) return [];
  const whole = bytes.byteLength === bytes.buffer.byteLength || isOwnMemory(bytes);
  return whole && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}
