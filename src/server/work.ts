import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import { asSynclineError, SynclineError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { PING_EVERY_MS } from "../base/limits.ts";
import { systemClock } from "../base/ports/clock.ts";
import { EVENTS_TYPE, printEvent } from "./events.ts";

/** The name that a client gives its work, so that it can ask for its end. */
export const WORK_HEADER = "syncline-work";
const PROGRESS_EVERY_MS = 100;
/** How long a shutdown waits for a client to take the end of its answer. */
const FLUSH_MS_MAX = 2000;

/** What long work may use: a signal that it should stop, and a way to say how far it is. */
export interface Work {
  readonly signal: AbortSignal;
  progress(value: unknown): void;
  /** Says what happened: the same, and none is left out as long as the client reads. */
  readonly tell: (value: unknown) => void;
}

interface Running {
  readonly name: string | string[] | undefined;
  readonly ended: Promise<void>;
}

/** The long work that a server is doing, so that a shutdown can stop it at its next commit. */
export class WorkInHand {
  readonly #running = new Map<AbortController, Running>();

  /**
   * Answers with the events of `work` while it goes on. The work is told to stop when the client
   * goes away or the server shuts down; what it has stored by then stays.
   */
  async run(reply: FastifyReply, work: (work: Work) => Promise<unknown>): Promise<FastifyReply> {
    const name = reply.request.headers[WORK_HEADER];
    const controller = new AbortController();
    const events = new PassThrough();
    const answered = new Promise<void>((resolve) => reply.raw.once("close", resolve));
    void answered.then(() => controller.abort());
    const ended = follow(work, controller.signal, events).then(() =>
      Promise.race([answered, delay(FLUSH_MS_MAX, undefined, { ref: false })]),
    );
    this.#running.set(controller, { name, ended });
    void ended.finally(() => this.#running.delete(controller));
    return reply.type(EVENTS_TYPE).header("cache-control", "no-store").send(events);
  }

  /** Tells work to stop at its next commit; its own answer says what is stored then. */
  stop(name: string): void {
    const found = [...this.#running].find(([, running]) => running.name === name);
    if (found === undefined) throw new SynclineError("USAGE", "no such work is going on");
    found[0].abort();
  }

  /** Tells all work to stop and waits until it has. */
  async stopAll(): Promise<void> {
    const all = [...this.#running];
    for (const [controller] of all) controller.abort();
    await Promise.all(all.map(([, { ended }]) => ended));
  }
}

async function follow(
  work: (work: Work) => Promise<unknown>,
  signal: AbortSignal,
  events: PassThrough,
): Promise<void> {
  let reportedMs = 0;
  const progress = (value: unknown): void => {
    const nowMs = systemClock.monotonicMs();
    // Slow readers skip progress instead of piling it up here.
    if (nowMs - reportedMs < PROGRESS_EVERY_MS || events.writableNeedDrain) return;
    reportedMs = nowMs;
    events.write(printEvent({ progress: value as Json }));
  };
  const tell = (value: unknown): void => {
    if (!events.writableNeedDrain) events.write(printEvent({ progress: value as Json }));
  };
  // Only a server that is stopped says nothing: work may wait long for its input, or for the disk.
  const alive = setInterval(() => !events.writableNeedDrain && events.write("\n"), PING_EVERY_MS);
  try {
    const done = await work({ signal, progress, tell });
    events.end(printEvent({ done: done as Json }));
  } catch (error) {
    events.end(printEvent({ error: asSynclineError(error).toJSON() }));
  } finally {
    clearInterval(alive);
  }
}
