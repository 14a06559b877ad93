import { BATCH_STAGED_BYTES_MAX, STAGED_BYTES_MAX } from "../../base/limits.ts";

/** A part of a budget that somebody has, or waits for. */
export interface Share {
  readonly granted: Promise<void>;
  /** Gives it back, or does not wait any more. */
  end(): void;
}

/**
 * What all sessions of an instance together hold in memory of batches that are not stored yet. A
 * batch in one frame needs what the frame holds, and gives it back without its peer's doing. One in
 * several frames needs room for the largest there may be before its first frame is unpacked: there
 * is room for one such at a time beside the others, so that whoever has begun can go on to its end,
 * and nobody waits for somebody who waits.
 */
export class StagingBudget {
  readonly #frames = new Pool(STAGED_BYTES_MAX - BATCH_STAGED_BYTES_MAX);
  readonly #large = new Pool(BATCH_STAGED_BYTES_MAX);

  forFrame(bytes: number): Share {
    return this.#frames.take(bytes);
  }

  forLargeBatch(): Share {
    return this.#large.take(BATCH_STAGED_BYTES_MAX);
  }
}

interface Wish {
  readonly bytes: number;
  readonly grant: () => void;
}

/** So many bytes, given out in the order in which they were asked for. */
class Pool {
  #free: number;
  readonly #waiting: Wish[] = [];

  constructor(bytes: number) {
    this.#free = bytes;
  }

  take(bytes: number): Share {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wish = { bytes, grant: resolve };
    this.#waiting.push(wish);
    this.#grant();
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      const at = this.#waiting.indexOf(wish);
      if (at >= 0) this.#waiting.splice(at, 1);
      else this.#free += bytes;
      this.#grant();
    };
    return { granted: promise, end };
  }

  #grant(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.bytes > this.#free) return;
      this.#free -= first.bytes;
      this.#waiting.shift();
      first.grant();
    }
  }
}
