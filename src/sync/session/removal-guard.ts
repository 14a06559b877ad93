import type { SynclineError } from "../../base/errors.ts";
import type { Lsn, ObjectId, RevisionId } from "../../base/ids.ts";
import { removalsHeld } from "../../log/faults.ts";
import type { Removals } from "../../protocol/removals.ts";
import type { Start } from "../../protocol/start.ts";
import type { ApplyOutcome, RemovalAllowance } from "../../store/store.ts";
import type { Emit } from "./effects.ts";
import type { RemovalLimit } from "./events.ts";
import type { TargetOptions } from "./target-options.ts";
import { unexpected } from "./wire.ts";

type Options = Pick<
  TargetOptions,
  "guard" | "peer" | "refusesPurges" | "scope" | "policiesDiffer" | "ownHead"
>;

/**
 * Keeps a target from losing more objects at once than its link allows, in two lines. A source that
 * knows REMOVALS says before it sends anything what it would remove, and the target compares that
 * with what it really holds: if it is too much, nothing is changed. Whatever the source says, each
 * batch is counted, and the one that would exceed the limit is not stored.
 */
export class RemovalGuard {
  readonly #emit: Emit;
  readonly #options: Options;
  #limit: RemovalLimit | null = null;
  /** Objects that the source says it deletes and brings back: they are counted on the way. */
  #passing = 0;
  /** Live objects that went so far, less those that came back; before, too, where it was held. */
  #removed = 0;
  /** Where the own log ended: what came since was never here, whatever becomes of it. */
  #since: Lsn;
  #isHeld = false;
  /** REMOVALS still to come, and answers of the store to those that came. */
  #isListing = false;
  #counting = 0;
  #wouldRemove = 0;

  constructor(emit: Emit, options: Options) {
    this.#emit = emit;
    this.#options = options;
    this.#since = options.ownHead;
  }

  /** Asks how much may go at once; false when any number may. */
  ask(): boolean {
    const { guard, peer, scope } = this.#options;
    if (guard === null) return false;
    const { accepted } = guard;
    this.#emit({ kind: "limit", by: { peer: peer.instance, scope: scope.hash, accepted } });
    return true;
  }

  /**
   * A live source goes on: what it deleted and brought back has come, and what is here by now counts
   * from here on. Where there was next to nothing to lose, there may be more.
   */
  askAgain(ownHead: Lsn): void {
    this.#since = ownHead;
    this.#passing = 0;
    if (this.#limit === null) this.ask();
  }

  /** What is removed counts from now on. */
  set limit(limit: RemovalLimit | null) {
    this.#limit = limit;
    this.#removed = limit?.before ?? 0;
  }

  /** How many had gone when it was too much. */
  get said(): { readonly held?: number } {
    return this.#isHeld ? { held: Math.max(this.#removed, 0) } : {};
  }

  /** The store may find that it is too much. */
  onFailed({ code }: SynclineError): void {
    if (code === "REMOVALS_HELD") this.#isHeld = true;
  }

  /** What RESUME asks. Where a policy may remove something, too, each of the source's counts. */
  get asks(): { readonly removals?: number } {
    if (this.#limit === null) return {};
    const left = Math.max(this.#limit.max - this.#removed, 0);
    return { removals: this.#options.policiesDiffer ? 0 : left };
  }

  /** Nothing may come yet but REMOVALS. */
  get isListing(): boolean {
    return this.#isListing;
  }

  /** Nothing may be stored yet. */
  get isPending(): boolean {
    return this.#isListing || this.#counting > 0;
  }

  onStart({ removals = 0, passing = 0 }: Start): void {
    this.#passing = passing;
    this.#isListing = removals > (this.asks.removals ?? removals);
  }

  onRemovals({ objects, more }: Removals): void {
    if (!this.#isListing) throw unexpected("REMOVALS");
    this.#isListing = more === true;
    this.#counting += 1;
    // Where purges are refused, what is purged at the source is not removed here.
    const { refusesPurges } = this.#options;
    const counted = objects.filter(([, heads]) => !refusesPurges || heads.length > 0);
    const removals = counted.map(([object, heads, others]) => ({
      object: object as ObjectId,
      heads: heads as readonly RevisionId[],
      others: others as readonly RevisionId[],
    }));
    this.#emit({ kind: "wouldRemove", removals });
  }

  /** Throws `REMOVALS_HELD` once all is counted, and it is too much. */
  onCounted(count: number): void {
    this.#counting -= 1;
    this.#wouldRemove += count;
    if (!this.isPending) this.#check(this.#removed + this.#wouldRemove);
  }

  /** Throws `REMOVALS_HELD` where so many, which left the scope and are dropped, are too much. */
  onLeaving(count: number): void {
    this.#check(this.#removed + this.#wouldRemove + count);
  }

  #check(sum: number): void {
    const limit = this.#limit;
    if (limit === null || sum <= limit.max) return;
    this.#isHeld = true;
    throw removalsHeld(sum, limit.max, limit.hint);
  }

  /** What the next batch may remove. */
  get allowance(): { readonly removals?: RemovalAllowance } {
    if (this.#limit === null) return {};
    const { max, hint } = this.#limit;
    const since = this.#since;
    return { removals: { max: max + this.#passing, before: this.#removed, since, hint } };
  }

  /** What a policy may remove, which goes ahead of what the source named; null: nothing yet. */
  get allowanceAhead(): { readonly removals?: RemovalAllowance } | null {
    if (this.isPending) return null;
    if (this.#limit === null) return {};
    const before = this.#removed + this.#wouldRemove;
    return { removals: { ...this.#limit, before } };
  }

  onStored({ removed, restored }: Pick<ApplyOutcome, "removed" | "restored">): void {
    this.#removed += removed - restored;
  }
}
