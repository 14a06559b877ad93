import type { Process } from "./process.ts";
import type { Violation } from "./watch.ts";

/** Edits and runs under way, of all instances and both sides; live sessions, which go on, apart. */
export class Works {
  readonly #report: (violation: Violation) => void;
  #count = 0;

  constructor(report: (violation: Violation) => void) {
    this.#report = report;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts some work until it ends (the returned function says so), or its process does. */
  begin(process: Process, killed: () => void = () => {}): () => void {
    this.#count += 1;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.#count -= 1;
      forget();
    };
    const forget = process.onKill(() => {
      end();
      killed();
    });
    return end;
  }

  /** Awaits a run, unless its process ends first. Runs say what went wrong, and never throw. */
  tracked<T>(
    process: Process,
    run: () => Promise<T>,
    how: { readonly isLive: boolean },
  ): Promise<T | undefined> {
    return new Promise((resolve) => {
      const killed = (): void => resolve(undefined);
      const end = how.isLive ? process.onKill(killed) : this.begin(process, killed);
      const fail = (error: unknown): void => {
        end();
        this.#report({ invariant: "runs-never-throw", detail: String(error) });
        resolve(undefined);
      };
      const succeed = (result: T): void => {
        end();
        resolve(result);
      };
      void run().then(succeed, fail);
    });
  }
}
