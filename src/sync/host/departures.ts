import type { Store } from "../../store/store.ts";

/** How many objects left the scope of a link in a run, and stay here as they were. */
export class Departures {
  readonly #store: Pick<Store, "counts">;
  #before: number | undefined;

  constructor(store: Pick<Store, "counts">) {
    this.#store = store;
  }

  /** Before objects are marked. Most runs hear of none, and need not count. */
  async begin(): Promise<void> {
    this.#before ??= await this.#count();
  }

  async kept(): Promise<number> {
    return this.#before === undefined ? 0 : Math.max((await this.#count()) - this.#before, 0);
  }

  async #count(): Promise<number> {
    return (await this.#store.counts()).departed;
  }
}
