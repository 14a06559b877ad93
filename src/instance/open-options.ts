import type { Clock } from "../base/ports/clock.ts";
import type { RandomSource } from "../base/ports/random.ts";
import type { Edition } from "../log/edition.ts";
import type { Store } from "../store/store.ts";
import type { SchedulerOptions } from "../sync/schedule/scheduler.ts";
import type { SessionPace } from "../sync/session/options.ts";

/**
 * Where the writing is done. `none`: on the calling thread. `on-demand`: there too, until there is
 * much of it; then on threads of its own. `from-start`: on threads that are started at once, for a
 * process that stays.
 */
export type ThreadUse = "none" | "on-demand" | "from-start";

/** How to open an instance. */
export interface OpenOptions {
  /** Creates the instance under this name; without it the folder must hold one. */
  readonly create?: { readonly name: string };
  /** Beside whoever writes, without being in the way. */
  readonly readOnly?: boolean;
  /** How often a sync says that it is there, and after what silence its peer counts as gone. */
  readonly pace?: SessionPace;
  /** `on-demand` unless given. */
  readonly threads?: ThreadUse;
  /** False: edits do not wait for peers that may hold what was lost in a restore. */
  readonly recovers?: boolean;
  /**
   * Hears in a sentence of what is done without anybody's doing: what was found damaged is mended,
   * what was lost in a restore is asked for.
   */
  readonly onNotice?: (notice: string) => void;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /**
   * What the program knows, where that is not what this version does: to run as an older or newer
   * one, as tests do. Everything is done on the calling thread then.
   */
  readonly edition?: Edition;
  /** What a program has in its hands that replays a timeline with this one. */
  readonly driver?: Driver;
}

/** By whose time links run that do so by themselves, and what stands before the store. */
export interface Driver {
  readonly schedule: Pick<SchedulerOptions, "clock" | "timers">;
  readonly around: (store: Store) => Store;
}
