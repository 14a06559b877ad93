import { SynclineError } from "../../base/errors.ts";
import { PACKED_BYTES_MAX, STAGING_IDLE_MS_MAX } from "../../base/limits.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { ApplyBatch } from "../../store/store.ts";
import type { Effect } from "../session/effects.ts";
import { unexpected } from "../session/wire.ts";
import type { Share, StagingBudget } from "./staging-budget.ts";

type Decode = Extract<Effect, { readonly kind: "decode" }>;

/** What the store is given of batches; purges travel otherwise, and were never staged. */
export function stagedIn({ cursor, entered, bytes }: ApplyBatch): number {
  return cursor === null && entered === undefined ? 0 : bytes.length;
}

/** A batch, or what came of it so far. */
interface Entry {
  readonly share: Share;
  bytes: number;
  /** More frames of it will come. */
  isOpen: boolean;
}

/**
 * What one session has of the budget: frames wait here before they are unpacked. Their credit does
 * not return meanwhile, so the source waits, too. Whoever has begun a large batch and does not go on
 * with it is ended, since others wait for the room.
 */
export class StagingShare {
  readonly #budget: StagingBudget;
  readonly #timers: Timers;
  readonly #onIdle: (error: SynclineError) => void;
  readonly #entries: Entry[] = [];
  #last: Promise<void> = Promise.resolve();
  /** Bytes of frames that wait. */
  #packed = 0;
  #cancel: () => void = () => {};
  #isOver = false;

  constructor(budget: StagingBudget, timers: Timers, onIdle: (error: SynclineError) => void) {
    this.#budget = budget;
    this.#timers = timers;
    this.#onIdle = onIdle;
  }

  /** Resolves when a frame may be unpacked, one after the other. Throws `PROTOCOL_ERROR`. */
  admit(frame: Decode): Promise<void> {
    const { length } = frame.body;
    this.#packed += length;
    if (this.#packed > PACKED_BYTES_MAX) throw unexpected("frames far beyond the credit");
    this.#last = this.#last.then(async () => {
      await this.#shareFor(frame);
      this.#packed -= length;
    });
    return this.#last;
  }

  async #shareFor({ rawBytes, more }: Decode): Promise<void> {
    if (this.#isOver) return;
    let entry = this.#entries.at(-1);
    if (entry?.isOpen !== true) {
      const share = more ? this.#budget.forLargeBatch() : this.#budget.forFrame(rawBytes);
      entry = { share, bytes: 0, isOpen: more };
      this.#entries.push(entry);
      await share.granted;
      if (this.#isOver) return;
    }
    entry.bytes += rawBytes;
    entry.isOpen = more;
    this.#cancel();
    this.#cancel = more ? this.#timers.after(STAGING_IDLE_MS_MAX, () => this.#idle()) : () => {};
  }

  #idle(): void {
    const message = "the rest of a large batch did not come";
    this.#onIdle(new SynclineError("TIMEOUT", message, { retriable: true }));
  }

  /** Batches of so many bytes are stored: what they held is free. */
  stored(bytes: number): void {
    let length = bytes;
    for (let first = this.#entries[0]; first !== undefined; first = this.#entries[0]) {
      if (first.isOpen || first.bytes > length) return;
      length -= first.bytes;
      this.#entries.shift();
      first.share.end();
    }
  }

  /** The session has ended: it holds nothing any more. */
  end(): void {
    this.#isOver = true;
    this.#cancel();
    for (const { share } of this.#entries.splice(0)) share.end();
  }
}
