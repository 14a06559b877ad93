import type { Timers } from "../../base/ports/timers.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * One life of an instance, from a start to a crash. Everything that dies with it is tied to it:
 * after {@link kill} no timer runs and no promise made here settles any more.
 */
export class Process {
  readonly #scheduler: Scheduler;
  readonly #endings = new Set<() => void>();
  #isAlive = true;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  readonly timers: Timers = {
    after: (ms, run) =>
      this.#scheduler.after(ms, () => {
        if (this.#isAlive) run();
      }),
  };

  /**
   * Does something that takes `ms`, at its end. The promise settles in the same event; never, when
   * the process is dead by then. So the work of one event is over before the next one begins,
   * however long it really takes.
   */
  work<T>(ms: number, run: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#scheduler.after(ms, async () => {
        if (!this.#isAlive) return;
        try {
          const result = await run();
          if (this.#isAlive) resolve(result);
        } catch (error) {
          if (this.#isAlive) reject(error);
        }
      });
    });
  }

  /** Calls `end` when the process is killed; the returned function takes that back. */
  onKill(end: () => void): () => void {
    this.#endings.add(end);
    return () => this.#endings.delete(end);
  }

  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const end of this.#endings) end();
    this.#endings.clear();
  }
}
