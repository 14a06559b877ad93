import type { ObjectId } from "../../base/ids.ts";
import type { LeftNote, LeftWhere } from "../../store/leaving.ts";
import type { DropOutcome, RemovalAllowance } from "../../store/store.ts";
import type { Emit } from "./effects.ts";

/** What an EVICT says, as the store notes it. */
export type Left = Pick<LeftNote, "objects" | "anew">;

/**
 * What a target drops of what left the scope, if its link says so: when EVICT names objects, those
 * that would go are counted before any batch that follows is stored, and once everything has come,
 * they go. What could not go before, because the process died or the run was held, is looked at
 * once in each session.
 */
export class Drops {
  readonly #emit: Emit;
  readonly #where: LeftWhere;
  readonly #isOn: boolean;
  /** Everything comes from the beginning again, so EVICT before any batch names all outside. */
  #anew: LeftNote["anew"];
  #mustCount = false;
  #mustDrop: boolean;
  #dropped = 0;
  #kept = 0;

  constructor(emit: Emit, where: LeftWhere, isOn: boolean) {
    this.#emit = emit;
    this.#where = where;
    this.#isOn = isOn;
    this.#mustDrop = isOn;
  }

  /** How many objects went, and how many left and stay all the same. */
  get said(): { readonly left?: { readonly dropped: number; readonly kept: number } } {
    if (this.#dropped + this.#kept === 0) return {};
    return { left: { dropped: this.#dropped, kept: this.#kept } };
  }

  /** The source begins: from the beginning, though it got further before, or where it was. */
  begin(isAnew: boolean): void {
    this.#anew = isAnew ? "first" : undefined;
  }

  /** A batch came. */
  goOn(): void {
    this.#anew = undefined;
  }

  /** What EVICT says. */
  leftIn(objects: readonly ObjectId[]): Left {
    const anew = this.#anew;
    if (anew === undefined) return { objects };
    this.#anew = "more";
    return { objects, anew };
  }

  /** EVICT was noted. */
  noted(): void {
    this.#mustCount = this.#isOn;
    this.#mustDrop = this.#isOn;
  }

  /** True when the store is asked how many would go. */
  count(): boolean {
    if (!this.#mustCount) return false;
    this.#mustCount = false;
    this.#emit({ kind: "countLeaving", where: this.#where });
    return true;
  }

  /** True when the store is asked to drop what it can. */
  drop(allowance: { readonly removals?: RemovalAllowance }): boolean {
    if (!this.#mustDrop) return false;
    this.#mustDrop = false;
    this.#emit({ kind: "dropLeft", where: { ...this.#where, ...allowance } });
    return true;
  }

  onDropped({ dropped, kept, isMore }: DropOutcome): void {
    this.#dropped += dropped;
    this.#kept = kept;
    this.#mustDrop = isMore;
  }
}
