import { asSynclineError } from "../../base/errors.ts";
import { translated } from "../../store/sqlite/database.ts";
import type { Follower, FollowerEvents } from "./follower.ts";
import { IndexKeeper } from "./index-keeper.ts";
import type { LogSource } from "./log-source.ts";

/** Short steps, so that other work on this thread waits a few milliseconds only. */
const STEP_ENTRIES = 64;

/** Follows on the calling thread, giving way to other work between steps. For little work. */
export class InlineFollower implements Follower {
  readonly #file: string;
  readonly #keeper: IndexKeeper;
  readonly #events: FollowerEvents;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(file: string, source: LogSource, events: FollowerEvents) {
    this.#file = file;
    this.#keeper = new IndexKeeper(file, source, STEP_ENTRIES);
    this.#events = events;
  }

  follow(): void {
    this.#scheduled ??= setImmediate(() => this.#step());
  }

  #step(): void {
    this.#scheduled = undefined;
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
    if (this.#scheduled !== undefined) {
      clearImmediate(this.#scheduled);
      this.#step();
      clearImmediate(this.#scheduled);
    }
    this.#keeper.close();
  }
}
