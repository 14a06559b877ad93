import { asSynclineError, type SynclineError } from "../../base/errors.ts";
import type { Connection } from "../connection.ts";

type Job = string | (() => Promise<Uint8Array>);

/**
 * Sends frames in the order they were given, although compressing some takes a while. A frame that
 * cannot be made ends the sending; the rest is dropped.
 */
export class Outbox {
  readonly #connection: Connection;
  readonly #failed: (error: SynclineError) => void;
  #jobs: Job[] = [];
  #isBusy = false;
  #closeCode: number | undefined;

  constructor(connection: Connection, failed: (error: SynclineError) => void) {
    this.#connection = connection;
    this.#failed = failed;
  }

  /** Sends a text frame, or the frame that `job` makes. */
  push(job: Job): void {
    if (this.#closeCode !== undefined) return;
    if (typeof job === "string" && !this.#isBusy) {
      this.#connection.send(job);
      return;
    }
    this.#jobs.push(job);
    if (!this.#isBusy) void this.#work();
  }

  /** Ends the connection after the text frames given so far; frames not made yet are dropped. */
  close(code: number): void {
    if (this.#closeCode !== undefined) return;
    this.#closeCode = code;
    this.#jobs = this.#jobs.filter((job) => typeof job === "string");
    if (!this.#isBusy) this.#connection.close(code);
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      if (typeof job === "string") {
        this.#connection.send(job);
        continue;
      }
      try {
        const frame = await job();
        if (this.#closeCode === undefined) this.#connection.send(frame);
      } catch (error) {
        if (this.#closeCode === undefined) this.#failed(asSynclineError(error));
      }
    }
    this.#isBusy = false;
    if (this.#closeCode !== undefined) this.#connection.close(this.#closeCode);
  }
}
