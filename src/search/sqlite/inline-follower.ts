import { asSynclineError } from "../../base/errors.ts";
import { translated } from "../../store/sqlite/database.ts";
import type { Follower, FollowerEvents } from "./follower.ts";
import { IndexKeeper } from "./index-keeper.ts";
import type { LogSource } from "./log-source.ts";

/** Has something done in a moment; the returned function takes that back. */
export type Soon = (run: () => void) => () => void;

/** As soon as other work on this thread has had its turn. */
const nextTurn: Soon = (run) => {
  const turn = setImmediate(run);
  return () => clearImmediate(turn);
};

/** Short steps, so that other work on this thread waits a few milliseconds only. */
const STEP_ENTRIES = 64;

/** Follows on the calling thread, giving way to other work between steps. For little work. */
export class InlineFollower implements Follower {
  readonly #file: string;
  readonly #keeper: IndexKeeper;
  readonly #events: FollowerEvents;
  readonly #soon: Soon;
  #cancel: (() => void) | undefined;

  constructor(file: string, source: LogSource, events: FollowerEvents, soon: Soon = nextTurn) {
    this.#soon = soon;
    this.#file = file;
    this.#keeper = new IndexKeeper(file, source, STEP_ENTRIES);
    this.#events = events;
  }

  follow(): void {
    this.#cancel ??= this.#soon(() => this.#step());
  }

  #step(): void {
    this.#cancel = undefined;
    try {
      const { covered, done, replaced } = this.#keeper.step();
      if (replaced) this.#events.replaced();
      if (!done) this.follow();
      this.#events.covered(covered, done);
    } catch (error) {
      this.#events.failed(asSynclineError(translated(error, this.#file)));
    }
  }

  /** Does the next step still, so that a short-lived process leaves its own edits indexed. */
  async close(): Promise<void> {
    if (this.#cancel !== undefined) {
      this.#cancel();
      this.#step();
      this.#cancel?.();
    }
    this.#keeper.close();
  }
}
