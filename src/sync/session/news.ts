import type { Commit } from "../../store/commits.ts";

/** What {@link News.take} says where nothing has to go ahead. */
export const NOTHING_NEW: ReturnType<News["take"]> = { policy: false, purges: false };

/** What was committed here since the log was last read for a peer, in three words. */
export class News {
  #any = false;
  #policy = false;
  #purges = false;

  get any(): boolean {
    return this.#any;
  }

  add({ policy, purges }: Commit): void {
    this.#any = true;
    this.#policy ||= policy;
    this.#purges ||= purges;
  }

  /** What has to go ahead of the revisions; whoever takes it reads the log after that. */
  take(): { readonly policy: boolean; readonly purges: boolean } {
    const taken = { policy: this.#policy, purges: this.#purges };
    this.#any = this.#policy = this.#purges = false;
    return taken;
  }
}
