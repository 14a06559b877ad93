import { PURGES_AHEAD_MAX } from "../../base/limits.ts";
import { takeLines } from "./staging.ts";
import { unexpected } from "./wire.ts";

/** Purge records that came ahead of the batches and wait for the store. */
export class ReceivedPurges {
  readonly #waiting: string[] = [];
  #came = 0;

  get count(): number {
    return this.#waiting.length;
  }

  /** Of `came` records, those that are to be carried out. */
  add(records: readonly string[], came: number): void {
    this.#came += came;
    if (this.#came > PURGES_AHEAD_MAX) throw unexpected("more PURGES than go ahead");
    this.#waiting.push(...records);
  }

  /** As lines, as many as one commit stores. */
  take(): Uint8Array {
    return takeLines(this.#waiting);
  }

  /** The source says more after its log's end. */
  countAnew(): void {
    this.#came = 0;
  }

  clear(): void {
    this.#waiting.length = 0;
  }
}
