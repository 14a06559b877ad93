import type { LeftWhere } from "../../store/leaving.ts";
import type { DropOutcome, RemovalAllowance } from "../../store/store.ts";
import type { Emit } from "./effects.ts";

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
