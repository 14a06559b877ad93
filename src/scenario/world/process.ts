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
  /** What waits for the process to go on, while it is stopped. */
  #held: (() => void | Promise<void>)[] | undefined;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  readonly timers: Timers = {
    after: (ms, run) => {
      let isCancelled = false;
      const cancel = this.#scheduler.after(ms, () =>
        this.enter(() => {
          if (!isCancelled) run();
        }),
      );
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };

  /**
   * Does something that takes `ms`, at its end. The promise settles in the same event; never, when
   * the process is dead by then. So the work of one event is over before the next one begins,
   * however long it really takes.
   */
  work<T>(ms: number, run: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = async (): Promise<void> => {
        try {
          const result = await run();
          if (this.#isAlive) resolve(result);
        } catch (error) {
          if (this.#isAlive) reject(error);
        }
      };
      this.#scheduler.after(ms, () => this.enter(end));
    });
  }

  /** What comes of work outside of the store, unless the process is dead by then. */
  own<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (result) => this.#isAlive && resolve(result),
        (error) => this.#isAlive && reject(error),
      );
    });
  }

  /** Lets something happen in this process: now, once it goes on, or never, when it is dead. */
  enter(run: () => void | Promise<void>): void | Promise<void> {
    if (!this.#isAlive) return undefined;
    if (this.#held === undefined) return run();
    this.#held.push(run);
    return undefined;
  }

  get isPaused(): boolean {
    return this.#held !== undefined;
  }

  /** Stops it where it stands, like SIGSTOP: it neither runs nor closes its connections. */
  pause(): void {
    this.#held ??= [];
  }

  /** Lets it go on: what happened meanwhile happens to it now, in order. */
  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const run of held) this.#scheduler.after(0, () => this.enter(run));
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
