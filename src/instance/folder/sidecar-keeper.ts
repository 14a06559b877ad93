import { SIDECAR_TRAILS_MS_MAX } from "../../base/limits.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import type { InstancePaths } from "./paths.ts";
import { doubtAbout, type Held, markOf, readSidecar, sidecarOf, writeSidecar } from "./sidecar.ts";

type Catalog = Pick<SqliteStore, "identity" | "continuity" | "head" | "chainAt">;

/** Begins a new epoch if the catalog may not be the one that was written in this folder last. */
export function checkContinuity(
  paths: InstancePaths,
  store: Catalog & Pick<SqliteStore, "beginEpoch">,
): void {
  const reason = doubtAbout(readSidecar(paths), heldIn(paths, store));
  if (reason !== undefined) store.beginEpoch(reason);
}

function heldIn({ catalog }: InstancePaths, store: Catalog): Held {
  return {
    identity: store.identity(),
    continuity: store.continuity(),
    head: store.head(),
    chainAt: (lsn) => store.chainAt(lsn),
    mark: markOf(catalog),
  };
}

/** Keeps the sidecar of an open catalog: a while after commits, and when all is closed. */
export class SidecarKeeper {
  readonly #paths: InstancePaths;
  readonly #store: Catalog;
  readonly #timers: Timers;
  #cancel: (() => void) | undefined;
  #last: Pick<Held, "identity" | "head"> | undefined;

  /** What was written at the last closing does not hold any more as soon as somebody may write. */
  constructor(paths: InstancePaths, store: Catalog, timers: Timers) {
    this.#paths = paths;
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
    writeSidecar(this.#paths, sidecarOf({ ...this.#last, mark }, false));
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
      return markOf(this.#paths.catalog);
    } catch {
      return undefined;
    }
  }

  /** Comes after the store is closed, when its file does not change any more. */
  close(): void {
    this.#cancel?.();
    const mark = this.#mark();
    if (this.#last === undefined || mark === undefined) return;
    writeSidecar(this.#paths, sidecarOf({ ...this.#last, mark }, true));
  }
}
