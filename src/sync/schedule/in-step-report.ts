import { IN_STEP_TOLD_EVERY_MS } from "../../base/limits.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { Counts } from "../../store/rows.ts";
import { NO_COUNTS } from "../counts.ts";
import type { SessionResult } from "../session/result.ts";
import type { LinkEvent } from "./link-event.ts";

type Carried = Pick<SessionResult, "received" | "sent">;

/** Tells what a live session carried, now and then: there may be hundreds of edits in a second. */
export class InStepReport {
  readonly #link: string;
  readonly #timers: Timers;
  readonly #tell: (event: LinkEvent) => void;
  #soFar: () => Carried = () => this.#told;
  #told: Carried = { received: NO_COUNTS, sent: NO_COUNTS };
  #isFirst = true;
  #cancel: (() => void) | undefined;

  constructor(link: string, timers: Timers, tell: (event: LinkEvent) => void) {
    this.#link = link;
    this.#timers = timers;
    this.#tell = tell;
  }

  /** A session begins, which says what it has done so far. */
  begin(soFar: () => Carried): void {
    this.#soFar = soFar;
    this.#told = { received: NO_COUNTS, sent: NO_COUNTS };
    this.#isFirst = true;
  }

  /** Everything there was has been carried: told at once, unless the last time is not long ago. */
  note(): void {
    if (this.#cancel !== undefined) return;
    this.#report();
    this.#cancel = this.#timers.after(IN_STEP_TOLD_EVERY_MS, () => {
      this.#cancel = undefined;
      this.#report();
    });
  }

  /** The session has ended. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (!this.#isFirst) this.#report();
  }

  #report(): void {
    const { received, sent } = this.#soFar();
    const news = {
      received: less(received, this.#told.received),
      sent: less(sent, this.#told.sent),
    };
    const isNothing = [news.received, news.sent].every((it) => it.revisions + it.purges === 0);
    if (isNothing && !this.#isFirst) return;
    this.#isFirst = false;
    this.#told = { received, sent };
    this.#tell({ link: this.#link, event: "inStep", ...news });
  }
}

/** Objects may be counted again as fewer, when everything has come. */
function less(now: Counts, before: Counts): Counts {
  return {
    changesets: now.changesets - before.changesets,
    revisions: now.revisions - before.revisions,
    objects: Math.max(now.objects - before.objects, 0),
    purges: now.purges - before.purges,
  };
}
