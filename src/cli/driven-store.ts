import { SynclineError } from "../base/errors.ts";
import { isCommitting } from "../scenario/world/simulated-store.ts";
import { forwarding } from "../store/forwarding.ts";
import { STORE_METHODS, type Store } from "../store/store.ts";

/** Which commits a disk refuses that fails: the next one, all, or none. */
export type DiskFailure = "next" | "on" | "off";

/**
 * A server's store in the hands of a driver: its disk can fail, and commits can be stopped at, each
 * when it is durable and nobody knows of it yet.
 */
export class DrivenStore {
  readonly #onCommit: () => void;
  readonly #held: (() => void)[] = [];
  #failure: DiskFailure = "off";
  #isHolding = false;

  /** `onCommit` hears of each commit that is held. */
  constructor(onCommit: () => void) {
    this.#onCommit = onCommit;
  }

  /** A store whose commits go by what the driver says. */
  around(store: Store): Store {
    const driven = STORE_METHODS.filter(isCommitting).map((method) => {
      const call = store[method] as (...args: unknown[]) => unknown;
      return [method, (...args: unknown[]) => this.#commit(() => call.apply(store, args))];
    });
    const subscribe: Store["subscribe"] = (listener) => store.subscribe(listener);
    return { ...forwarding(STORE_METHODS, store), ...Object.fromEntries(driven), subscribe };
  }

  fail(failure: DiskFailure): void {
    this.#failure = failure;
  }

  /** From now on each commit is held until it is let {@link go}; with false, none any more. */
  hold(isHolding: boolean): void {
    this.#isHolding = isHolding;
    while (!isHolding && this.#held.length > 0) this.go();
  }

  /** Lets the commit go on that is held longest. */
  go(): void {
    this.#held.shift()?.();
  }

  async #commit(commit: () => unknown): Promise<unknown> {
    if (this.#failure !== "off") {
      if (this.#failure === "next") this.#failure = "off";
      throw new SynclineError("STORE_IO", "the disk reports an error, as the driver told it to");
    }
    const outcome = await commit();
    if (this.#isHolding) {
      await new Promise<void>((resolve) => {
        this.#held.push(resolve);
        this.#onCommit();
      });
    }
    return outcome;
  }
}
