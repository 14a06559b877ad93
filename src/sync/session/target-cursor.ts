import type { Lsn } from "../../base/ids.ts";
import type { LogPoint } from "../../log/source-chain.ts";
import type { ApplyBatch, ApplyOutcome, FreshCursor } from "../../store/store.ts";
import type { TargetOptions } from "./target-options.ts";

type Move = NonNullable<ApplyBatch["cursor"]>;

/**
 * The stored cursor of a target, as far as its session knows.
 *
 * A session that begins with nothing hears of nothing that left a scope before, and what another
 * session of the same scope brings meanwhile may have left. So its cursor moves as long as it stands
 * where this session left it. Once it does not, this session leaves it alone, also where it comes to
 * stand at such a place again, and the next one goes on from where it stands.
 */
export class TargetCursor {
  readonly #options: TargetOptions;
  #at: LogPoint | undefined;
  #fresh: FreshCursor | undefined;
  /** Everything comes from the beginning, though something is here already. */
  isAnew = false;

  constructor(options: TargetOptions) {
    this.#options = options;
    this.#at = options.ladder[0];
  }

  begin(from: Lsn): void {
    const { isAgain, ladder } = this.#options;
    if (from > 0) return;
    this.isAnew = isAgain || ladder.length > 0;
    if (!this.isAnew) this.#fresh = { last: null, hasEntered: false };
  }

  /** History of objects that entered was stored, which moves no cursor. */
  entered(): void {
    if (this.#fresh !== undefined) this.#fresh = { ...this.#fresh, hasEntered: true };
  }

  /** Over a stretch, before which everything up to `durable` is here. */
  over(after: LogPoint, { lsn, chain }: LogPoint, durable: Lsn): Move {
    const { peer, key } = this.#options;
    const first = durable === 0 && after.lsn > 0 ? ({ isFirst: true } as const) : {};
    const fresh = this.#fresh === undefined ? {} : { fresh: this.#fresh };
    return { scope: key, after, rung: { epoch: peer.epoch, lsn, chain }, ...first, ...fresh };
  }

  /** The store has what comes before a position, and says whether the cursor stands there. */
  stored({ lsn, chain }: LogPoint, { cursorStays }: Pick<ApplyOutcome, "cursorStays">): void {
    this.#at = { lsn, chain };
    if (this.#fresh === undefined) return;
    this.#fresh = cursorStays
      ? { ...this.#fresh, isOver: true }
      : { ...this.#fresh, last: this.#at };
  }

  /**
   * True when it has to move to the end of the source's log without a batch: the source left out what
   * came last, or went back behind the cursor and had nothing newer, or has nothing at all. Each later
   * sync would begin with the same search otherwise.
   */
  standsElsewhere(end: LogPoint): boolean {
    if (this.#fresh?.isOver) return false;
    if (this.#at === undefined) return end.lsn > 0 || this.#options.isAgain;
    return this.#at.lsn !== end.lsn || this.#at.chain !== end.chain;
  }
}
