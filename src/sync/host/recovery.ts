import type { InstanceId } from "../../base/ids.ts";
import { RECOVERY_MS_MAX } from "../../base/limits.ts";
import { isToBeTried, mayHoldOwn } from "../../store/continuity.ts";
import type { LinkRow, RunRow } from "../../store/rows.ts";
import { type RunLinkOptions, runLink } from "./run-link.ts";

/** What a run of a link needs, but for the link. */
export type RecoveryParts = Pick<
  RunLinkOptions,
  "store" | "dial" | "clock" | "timers" | "random" | "codec" | "pace" | "edition" | "beforeEnd"
> & {
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
  readonly onRecovery?: ((event: RecoveryEvent) => void) | undefined;
};

/** Peers are asked for what was lost; and what came of that. */
export type RecoveryEvent =
  | { readonly kind: "asking"; readonly links: readonly string[] }
  | { readonly kind: "asked"; readonly answers: readonly RecoveryAnswer[] };

export interface RecoveryAnswer {
  readonly link: string;
  /** Revisions and purges that came back, also some of others that they build on. */
  readonly received: number;
  /** Why the peer may still hold some; undefined when it does not. */
  readonly error?: RunRow["error"];
}

/**
 * Gets back what an instance authored itself and lost, before it authors again: where it was set
 * back, the peers of all its links are asked, once in an epoch, at the same time, and whatever the
 * direction of the link. Who cannot be reached in time is not waited for: then what is authored is
 * concurrent with what comes back later.
 */
export class Recovery {
  readonly #parts: RecoveryParts;
  #trying: Promise<void> | undefined;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Resolves when there is nothing to get back, or that was tried; never rejects for a peer. */
  ready(): Promise<void> {
    this.#trying ??= this.#try().finally(() => {
      this.#trying = undefined;
    });
    return this.#trying;
  }

  async #try(): Promise<void> {
    const { store, onRecovery } = this.#parts;
    const continuity = await store.continuity();
    if (!isToBeTried(continuity)) return;
    const links = (await store.links()).filter(({ peer }) => mayHoldOwn(continuity, peer));
    if (links.length > 0) {
      onRecovery?.({ kind: "asking", links: links.map(({ name }) => name) });
      const answers = await this.#inTime((signal) =>
        Promise.all(links.map((link) => this.#ask(link, signal))),
      );
      onRecovery?.({ kind: "asked", answers });
    }
    await store.noteRecovery({ tried: true });
  }

  async #inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { timers, signal } = this.#parts;
    const late = new AbortController();
    const cancel = timers.after(RECOVERY_MS_MAX, () => late.abort());
    try {
      return await work(
        signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      );
    } finally {
      cancel();
    }
  }

  /**
   * Asks for the own alone. What it builds on comes with it, but from an older peer, which leaves out
   * what others authored: a link that receives brings that, in its order.
   */
  async #ask(link: LinkRow, signal: AbortSignal): Promise<RecoveryAnswer> {
    const options = { ...this.#parts, signal };
    const own = await runLink({ ...options, link: ownOver(link), isOwnOnly: true });
    const lacksParents = own.refused.some(({ code }) => code === "PARENT_MISSING");
    if (!lacksParents || link.direction === "push") return answerOf(link, own);
    const peer = link.peer ?? (own.peer as InstanceId | null);
    const all = await runLink({ ...options, link: { ...link, peer, direction: "pull" } });
    return answerOf(link, own, all);
  }
}

/** A link as the own comes back over it: against its direction, unscoped, and as it was authored. */
function ownOver({ organizations: _, ...link }: LinkRow): LinkRow {
  return { ...link, direction: "pull", scope: null };
}

function answerOf({ name }: LinkRow, ...runs: readonly RunRow[]): RecoveryAnswer {
  const received = runs.reduce((sum, run) => sum + run.received.revisions + run.received.purges, 0);
  const error = runs.at(-1)?.error;
  return { link: name, received, ...(error === undefined ? {} : { error }) };
}
