import { Worker } from "node:worker_threads";
import { SynclineError } from "../../base/errors.ts";
import type { Identity } from "../rows.ts";
import { STORE_METHODS, type Store } from "../store.ts";
import type { WorkerAnswer, WorkerCall, WorkerData } from "./worker-protocol.ts";

/** The port with every answer a promise. */
export type AsyncStore = {
  [Method in keyof Store]: (
    ...args: Parameters<Store[Method]>
  ) => Promise<Awaited<ReturnType<Store[Method]>>>;
};

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
  open(file: string): Promise<AsyncStore> {
    return start({ file, create: null });
  },

  /** Makes a new file and opens it for writing. */
  create(file: string, identity: Identity): Promise<AsyncStore> {
    return start({ file, create: identity });
  },
} as const;

async function start(data: WorkerData): Promise<AsyncStore> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const script = new URL(`./worker.${extension}`, import.meta.url);
  const caller = new Caller(new Worker(script, { workerData: data }));
  await caller.opened;
  const methods = STORE_METHODS.map((method) => [
    method,
    (...args: unknown[]) => caller.call(method, args),
  ]);
  return Object.fromEntries(methods) as AsyncStore;
}

class Caller {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly opened: Promise<unknown>;
  #next = 0;
  #ended: SynclineError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => this.#pending.set(0, { resolve, reject }));
    worker.on("message", (answer: WorkerAnswer) => this.#settle(answer));
    worker.on("error", (error) => this.#end(error));
    worker.on("exit", () => this.#end(undefined));
  }

  call(method: keyof Store, args: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const call: WorkerCall = { id: ++this.#next, method, args };
    return new Promise((resolve, reject) => {
      this.#pending.set(call.id, { resolve, reject });
      this.#worker.postMessage(call, transferable(method, args));
    });
  }

  #settle(answer: WorkerAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ("error" in answer) pending?.reject(SynclineError.fromJSON(answer.error));
    else pending?.resolve(answer.result);
    if (answer.id === 0 && "error" in answer) void this.#worker.terminate();
  }

  #end(cause: unknown): void {
    const message = cause instanceof Error ? cause.message : "the store is closed";
    this.#ended ??= new SynclineError(cause === undefined ? "CLOSED" : "INTERNAL", message);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

/** A batch's buffer, when the batch is all there is in it. */
function transferable(method: keyof Store, args: readonly unknown[]): ArrayBuffer[] {
  if (method !== "apply") return [];
  const { bytes } = args[0] as Parameters<Store["apply"]>[0];
  const whole = bytes.byteLength === bytes.buffer.byteLength;
  return whole && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}
