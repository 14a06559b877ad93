import type { Lsn } from "../../base/ids.ts";
import type { LogPoint } from "../../log/source-chain.ts";
import type { Resume } from "../../protocol/resume.ts";
import type { Rung } from "../../store/rows.ts";
import { NO_EPOCH } from "./continuity.ts";
import type { Emit } from "./effects.ts";
import { pointsBelow } from "./own-points.ts";
import { askFor, type TargetOptions } from "./target-options.ts";
import { BEGINNING, unexpected } from "./wire.ts";

/**
 * Where a target stands, as it tells its source: first the newest rung, the only one that is needed
 * as long as neither side lost anything; then all of them. A target without a cursor offers its own
 * log: a source that got its own from here begins alike.
 */
export class Offering {
  readonly #emit: Emit;
  readonly #options: TargetOptions;
  /** What else RESUME says, once that is known. */
  readonly #asks: () => Partial<Resume>;
  /** What can be offered, newest first, and what the last RESUME offered. */
  #ladder: readonly Rung[];
  #offered: readonly Rung[] | undefined;

  constructor(emit: Emit, options: TargetOptions, asks: () => Partial<Resume>) {
    this.#emit = emit;
    this.#options = options;
    this.#asks = asks;
    this.#ladder = options.ladder;
  }

  begin(): void {
    const { ladder, ownHead, isAgain, peer } = this.#options;
    // What is here came from there, but in which order it has to come again nobody knows any more.
    if (isAgain) this.#ladder = [{ epoch: peer.epoch, ...BEGINNING }];
    if (ladder.length > 0 || ownHead === 0 || isAgain) this.#resume(this.#ladder.slice(0, 1));
    else this.#emit({ kind: "chains", side: "target", lsns: pointsBelow(ownHead) });
  }

  /** The chains of the own log at the positions asked for. */
  onChains(chains: readonly (string | null)[]): void {
    const rungs = pointsBelow(this.#options.ownHead).map((lsn, index) => {
      return { epoch: NO_EPOCH, lsn, chain: chains[index] };
    });
    this.#ladder = rungs.filter((rung): rung is Rung => typeof rung.chain === "string");
    this.#resume(this.#ladder.slice(0, 1));
  }

  #resume(rungs: readonly Rung[]): void {
    this.#offered = rungs;
    const more = rungs.length < this.#ladder.length;
    const live = this.#options.wantsLive ? ({ live: true } as const) : {};
    const message = { ...askFor(this.#options.scope, rungs), ...this.#asks(), ...live };
    this.#emit({ kind: "send", message: more ? { ...message, more } : message });
  }

  /** The rung that START chose; undefined when it asks for all, which are sent then. */
  chosen(from: Lsn | undefined): LogPoint | undefined {
    const offered = this.#offered;
    if (offered === undefined) throw unexpected("START");
    if (from === undefined) {
      if (offered.length === this.#ladder.length) throw unexpected("START without a position");
      this.#resume(this.#ladder);
      return undefined;
    }
    const rung = offered.find(({ lsn }) => lsn === from);
    if (from !== 0 && rung === undefined) throw unexpected("START from a position not offered");
    return rung ?? BEGINNING;
  }
}
