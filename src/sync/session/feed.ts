import { SynclineError } from "../../base/errors.ts";
import type { InstanceId, Lsn, ObjectId } from "../../base/ids.ts";
import type { WireRung } from "../../protocol/fields.ts";
import type { Resume } from "../../protocol/resume.ts";
import type { ScopeState } from "../../scope/evaluate-scope.ts";
import type { EnteredPoint, LogPage } from "../../store/rows.ts";
import type { ScopeRef } from "../../store/store.ts";
import type { Emit } from "./effects.ts";
import type { Passed } from "./passing.ts";
import { hex } from "./wire.ts";

/** Of whom alone entries are read, if not of all, and whether all that is outside is told first. */
export interface Telling {
  readonly only: InstanceId | undefined;
  /** With `only`: its epochs of which nothing is read. */
  readonly except: readonly string[] | undefined;
  readonly tellsAll: boolean;
}

/**
 * What a source reads next, of one scope:
 *
 *   evaluated → what left → the history of what entered → the log up to where it was evaluated → …
 *
 * So what entered is whole at the target before the log goes on about it, and a target that has come
 * to a position has heard of all that entered or left before it. The end is reached when another
 * evaluation there finds nothing new.
 */
export class Feed {
  readonly #emit: Emit;
  readonly #scope: ScopeRef;
  /** Whose entries alone are read, whatever the scope. */
  readonly #only: InstanceId | undefined;
  readonly #except: readonly string[] | undefined;
  /** All that is outside is still to be told, to a target that holds what nobody here knows of. */
  #tellsAll: boolean;
  #state: ScopeState;
  #stage: "look" | "left" | "entered" | "log" = "look";
  /** The evaluation of which everything that entered or left was told. */
  #toldRound = -1;
  #toldLeft: ObjectId | undefined;
  #toldEntered: EnteredPoint | undefined;

  constructor(emit: Emit, scope: ScopeRef, state: ScopeState, which: Telling) {
    this.#only = which.only;
    this.#except = which.except;
    this.#tellsAll = which.tellsAll;
    this.#emit = emit;
    this.#scope = scope;
    this.#state = state;
  }

  /** Asks for what comes next for a target that has everything up to `sent`. */
  next(sent: Lsn, { skip, upTo }: Passed): void {
    const { hash, round, changed, lsn } = this.#state;
    const within = { hash, round };
    const skipped = skip === null ? {} : { skip };
    if (this.#only !== undefined) {
      const which = { only: this.#only, except: this.#except };
      if (sent < lsn) this.#emit({ kind: "readPage", after: sent, upTo: lsn, ...which });
      else this.#emit({ kind: "evaluate", scope: this.#scope });
      return;
    }
    if (this.#stage === "look") {
      const isKnown = round === this.#toldRound || changed <= sent || sent === 0;
      const hasHeard = isKnown && !this.#tellsAll;
      if (hasHeard) this.#toldRound = round;
      this.#stage = hasHeard ? "log" : "left";
    }
    if (this.#stage === "left") {
      const all = this.#tellsAll ? ({ all: true } as const) : {};
      const change = { ...within, after: sent, told: this.#toldLeft, ...all };
      this.#emit({ kind: "readLeft", change });
    } else if (this.#stage === "entered") {
      const filter = { ...within, upTo: sent, after: this.#toldEntered };
      this.#emit({ kind: "readEntered", filter });
    } else if (sent < lsn) {
      const end = Math.min(lsn, upTo);
      this.#emit({ kind: "readPage", after: sent, upTo: end, within, ...skipped });
    } else {
      this.#emit({ kind: "evaluate", scope: this.#scope });
    }
  }

  /** True when the log's end is reached, and everything about the scope was told. */
  isAtEnd(state: ScopeState, sent: Lsn): boolean {
    this.#state = state;
    this.#stage = "look";
    if (this.#only !== undefined) return state.lsn <= sent;
    return state.isCurrent && state.lsn <= sent && state.round === this.#toldRound;
  }

  /** True when the target has to hear of it: that nothing at all is outside, too. */
  onLeft(objects: readonly ObjectId[]): boolean {
    const isNews = objects.length > 0 || (this.#tellsAll && this.#toldLeft === undefined);
    this.#toldLeft = objects.at(-1);
    if (objects.length > 0) return isNews;
    this.#stage = "entered";
    this.#tellsAll = false;
    return isNews;
  }

  onEntered(last: EnteredPoint | undefined): void {
    this.#toldEntered = last;
    if (last !== undefined) return;
    this.#stage = "log";
    this.#toldRound = this.#state.round;
  }
}

/**
 * Where sending begins: at the newest rung that the own log holds; `isOver` unless more rungs have
 * to be asked for. Of a scope that leaves something out, rungs count for nothing while it is new
 * here, or when they are of another epoch: what they stand for was sent by a log that knew more of
 * who is inside than this one. (One that takes all leaves out what nobody had.)
 */
export function startFor(
  { ladder, more }: Resume,
  chains: readonly (string | null)[],
  { isNew, takesAll }: ScopeState,
  ownEpoch: string,
): { readonly known: WireRung | undefined; readonly isOver: boolean } {
  if (isNew && !takesAll) return { known: undefined, isOver: true };
  const known = ladder.find(([epoch, lsn, chain], index) => {
    return lsn > 0 && chains[index] === chain && (takesAll || epoch === ownEpoch);
  });
  return { known, isOver: known !== undefined || more !== true };
}

/** The log is shorter than when its scope was evaluated. */
export function logEndsEarly(lsn: Lsn): SynclineError {
  return new SynclineError("STORE_CORRUPT", `the log ends at ${lsn}, which it went beyond before`);
}

/** Where a batch begins that does not follow what the target heard last; `passed`: the chain there. */
export function gapBefore(page: LogPage, passed: string | null): { readonly afterChain?: string } {
  if (page.afterChain !== undefined) return { afterChain: hex(page.afterChain) };
  return passed === null ? {} : { afterChain: passed };
}
