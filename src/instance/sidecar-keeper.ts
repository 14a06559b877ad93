import { SIDECAR_TRAILS_MS_MAX } from "../base/limits.ts";
import type { Timers } from "../base/ports/timers.ts";
import type { LogHead } from "../log/reader.ts";
import type { Continuity, EpochReason } from "../store/continuity.ts";
import type { Identity } from "../store/rows.ts";
import { doubtAbout, type FileMark, type Held, type Sidecar, sidecarOf } from "./sidecar.ts";

/** Where a sidecar is kept, and the catalog beside it. */
export interface SidecarPlace {
  /** Undefined when there is none, or none that can be read. */
  read(): Sidecar | undefined;
  /** Where that fails, the one before stays. */
  write(sidecar: Sidecar): void;
  /** Of the catalog's file. Throws when there is none. */
  mark(): FileMark;
}

/** What is asked of an open catalog; at once, for it is asked while it is opened and closed. */
export interface OpenCatalog {
  identity(): Identity;
  continuity(): Continuity;
  head(): LogHead;
  chainAt(lsn: number): Uint8Array | undefined;
}

/** Begins a new epoch if the catalog may not be the one that was written in this folder last. */
export function checkContinuity(
  place: SidecarPlace,
  store: OpenCatalog & { beginEpoch(reason: EpochReason): unknown },
): void {
  const reason = doubtAbout(place.read(), {
    identity: store.identity(),
    continuity: store.continuity(),
    head: store.head(),
    chainAt: (lsn) => store.chainAt(lsn),
    mark: place.mark(),
  });
  if (reason !== undefined) store.beginEpoch(reason);
}

/** Keeps the sidecar of an open catalog: a while after commits, and when all is closed. */
export class SidecarKeeper {
  readonly #place: SidecarPlace;
  readonly #store: OpenCatalog;
  readonly #timers: Timers;
  #cancel: (() => void) | undefined;
  #last: Pick<Held, "identity" | "head"> | undefined;

  /** What was written at the last closing does not hold any more as soon as somebody may write. */
  constructor(place: SidecarPlace, store: OpenCatalog, timers: Timers) {
    this.#place = place;
    this.#store = store;
    this.#timers = timers;
    this.#write();
  }

  /** Something was committed. */
  readonly committed = (): void => {
    this.#cancel ??= this.#timers.after(SIDECAR_TRAILS_MS_MAX, () => {
      this.#cancel = undefined;
      this.#write();
    });
  };

  #write(): void {
    this.look();
    const mark = this.#mark();
    if (this.#last === undefined || mark === undefined) return;
    this.#place.write(sidecarOf({ ...this.#last, mark }, false));
  }

  /** Takes note of what is there, for the last time before the store is closed. */
  look(): void {
    try {
      this.#last = { identity: this.#store.identity(), head: this.#store.head() };
    } catch {
      // A store that cannot say it keeps the sidecar that it has.
      this.#last = undefined;
    }
  }

  #mark(): Held["mark"] | undefined {
    try {
      return this.#place.mark();
    } catch {
      return undefined;
    }
  }

  /** Comes after the store is closed, when its file does not change any more. */
  close(): void {
    this.#cancel?.();
    const mark = this.#mark();
    if (this.#last === undefined || mark === undefined) return;
    this.#place.write(sidecarOf({ ...this.#last, mark }, true));
  }
}
