import type { Server } from "node:http";
import { type Clock, systemClock } from "../base/ports/clock.ts";
import { type RandomSource, systemRandom } from "../base/ports/random.ts";
import { systemTimers, type Timers } from "../base/ports/timers.ts";
import type { RunRow } from "../store/rows.ts";
import { acceptSync } from "../sync/host/accept-sync.ts";
import { LiveRegister } from "../sync/host/live-register.ts";
import { StagingBudget } from "../sync/host/staging-budget.ts";
import type { SessionPace } from "../sync/session/options.ts";
import { attachSync } from "../sync/ws/attach.ts";
import type { Instance } from "./instance.ts";

export interface ServeSyncOptions {
  /** What peers may do; everything unless given. */
  readonly allow?: { readonly pull: boolean; readonly push: boolean };
  /** Refuses purges of peers that this instance has no link with. */
  readonly refusesPurges?: boolean;
  /** The origins of the server's own pages; requests of other pages are refused. */
  readonly ownOrigins?: () => readonly string[];
  /** Hears of each run when it has ended. */
  readonly onRun?: (run: RunRow) => void;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly timers?: Timers;
  readonly pace?: SessionPace;
}

export interface ServedSync {
  /** Takes no more connections, ends those there are at their next commit, and waits for that. */
  close(): Promise<void>;
}

/** Lets peers sync with an open instance at `/sync` of an HTTP server. */
export function serveSync(
  instance: Instance,
  server: Server,
  options: ServeSyncOptions = {},
): ServedSync {
  const stop = new AbortController();
  const runs = new Set<Promise<unknown>>();
  const register = new LiveRegister();
  const staging = new StagingBudget();
  const endpoint = attachSync(server, {
    ...(options.ownOrigins === undefined ? {} : { ownOrigins: options.ownOrigins }),
    accept(connection) {
      const run = acceptSync({
        store: instance.store,
        connection,
        clock: options.clock ?? systemClock,
        random: options.random ?? systemRandom,
        timers: options.timers ?? systemTimers,
        allow: options.allow ?? { pull: true, push: true },
        refusesPurges: options.refusesPurges,
        signal: stop.signal,
        register,
        staging,
        pace: options.pace,
        beforeEnd: (lsn) => instance.indexed(lsn),
        edition: instance.edition,
      })
        .then((row) => options.onRun?.(row))
        .finally(() => runs.delete(run));
      runs.add(run);
    },
  });
  return {
    async close() {
      stop.abort();
      endpoint.close();
      await Promise.allSettled(runs);
    },
  };
}
