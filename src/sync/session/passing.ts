import type { InstanceId, Lsn } from "../../base/ids.ts";
import type { ApplyOutcome } from "../../store/store.ts";

/** What to leave out of the next page: entries that came from this peer, up to a position. */
export interface Passed {
  readonly skip: InstanceId | null;
  readonly upTo: Lsn;
}

/** A stretch of the log: the entries after `after` up to `to`. */
interface Stretch {
  readonly after: Lsn;
  to: Lsn;
}

/**
 * What of the own log a peer need not be sent, because it came from there: what this session stored.
 * What else came from an instance of that id, before or meanwhile, the peer may have lost, or a copy
 * of it may have sent; it is sent, and dropped there where it is known.
 */
export class Passing {
  readonly #stored: Stretch[] = [];
  #peer: InstanceId | null | undefined;
  #isStoring = false;

  /** True once it is known what the peer has; not while something of it is being stored. */
  get isKnown(): boolean {
    return this.#peer !== undefined && !this.#isStoring;
  }

  /** The session stores something of the peer's: where in the log, it will know afterwards. */
  expect(): void {
    this.#isStoring = true;
  }

  get peer(): InstanceId | null | undefined {
    return this.#peer;
  }

  /** Null: the peer lost what it sent. */
  begin(peer: InstanceId | null): void {
    this.#peer = peer;
  }

  /** The session stored what came from the peer. */
  add({ revisions, purges, head: { lsn: to } }: ApplyOutcome): void {
    this.#isStoring = false;
    const count = revisions + purges;
    const last = this.#stored.at(-1);
    if (last?.to === to - count) last.to = to;
    else if (count > 0) this.#stored.push({ after: to - count, to });
  }

  /** For the page after a position. */
  after(sent: Lsn): Passed {
    const skip = this.#peer ?? null;
    if (skip === null) return { skip, upTo: Number.POSITIVE_INFINITY };
    while (this.#stored[0] !== undefined && this.#stored[0].to <= sent) this.#stored.shift();
    const [next] = this.#stored;
    if (next === undefined) return { skip: null, upTo: Number.POSITIVE_INFINITY };
    return next.after > sent ? { skip: null, upTo: next.after } : { skip, upTo: next.to };
  }
}
