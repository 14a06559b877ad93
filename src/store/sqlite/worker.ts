import { parentPort, workerData } from "node:worker_threads";
import { asSynclineError } from "../../base/errors.ts";
import { freeBuffer } from "../../base/own-memory.ts";
import { ShiftedClock, systemClock } from "../../base/ports/clock.ts";
import { systemRandom } from "../../base/ports/random.ts";
import type { ApplyBatch, ApplyOutcome } from "../store.ts";
import { SqliteStore } from "./sqlite-store.ts";
import type { WorkerAnswer, WorkerCall, WorkerData } from "./worker-protocol.ts";

/** The thread that owns the writing connection: one call at a time, people's edits first. */

const { file, create, shift } = workerData as WorkerData;
const clock = shift === undefined ? systemClock : new ShiftedClock(shift);
const ports = { clock, random: systemRandom };
const port = parentPort;
if (port === null) throw new Error("this file runs as a worker thread");

const answer = (message: WorkerAnswer, handed: ArrayBuffer[] = []): void =>
  port.postMessage(message, handed);
const waiting: WorkerCall[] = [];
const backups = new Set<Promise<void>>();
let busy = false;

try {
  const store =
    create === null
      ? SqliteStore.open(file, { mode: "write", ...ports })
      : SqliteStore.create(file, { identity: create, ...ports });
  // Told before the call that made it is answered.
  store.subscribe((committed) => answer({ committed }));
  port.on("message", (call: WorkerCall) => {
    waiting.push(call);
    if (!busy) void work(store);
  });
  answer({ id: 0, result: null });
} catch (error) {
  answer({ id: 0, error: asSynclineError(error).toJSON() });
}

async function work(store: SqliteStore): Promise<void> {
  busy = true;
  for (;;) {
    // Let messages that came meanwhile in, so that an edit overtakes waiting batches.
    await new Promise(setImmediate);
    const call = takeNext();
    if (call === undefined) break;
    // A backup copies page by page between other calls; nobody waits for it but the end.
    if (call.method === "close") await Promise.all(backups);
    const carriedOut = carryOut(store, call);
    if (call.method === "backup") backups.add(carriedOut);
    else await carriedOut;
    if (call.method === "close") port?.close();
  }
  busy = false;
}

function takeNext(): WorkerCall | undefined {
  const urgent = waiting.findIndex(({ method }) => method !== "apply" && method !== "close");
  return waiting.splice(Math.max(urgent, 0), 1)[0];
}

async function carryOut(store: SqliteStore, { id, method, args }: WorkerCall): Promise<void> {
  try {
    const run = store[method] as (...args: readonly unknown[]) => unknown;
    const result = await run.apply(store, [...args]);
    answer({ id, result }, method === "apply" ? handedOver(result as ApplyOutcome) : []);
  } catch (error) {
    answer({ id, error: asSynclineError(error).toJSON() });
  } finally {
    if (method === "apply") freeBuffer((args[0] as ApplyBatch).bytes.buffer);
  }
}

/** What goes to the other thread without being copied. */
function handedOver({ excerpt }: ApplyOutcome): ArrayBuffer[] {
  return excerpt === undefined ? [] : [excerpt.bytes.buffer];
}
