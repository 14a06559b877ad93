import type { Timers } from "../base/ports/timers.ts";
import type { RunRow } from "../store/rows.ts";
import type { LiveHooks } from "../sync/host/live-run.ts";
import { Recovery, type RecoveryParts } from "../sync/host/recovery.ts";
import { type Dial, runLink } from "../sync/host/run-link.ts";
import type { LinkEvent, LinkState } from "../sync/schedule/link-event.ts";
import { LinkScheduler, type SchedulerOptions } from "../sync/schedule/scheduler.ts";
import type { SessionPace } from "../sync/session/options.ts";
import type { Schedule, SyncOptions, WatchOptions } from "./instance.ts";
import { linkNamed } from "./links.ts";
import type { InstanceParts } from "./parts.ts";

export interface SyncParts extends InstanceParts {
  readonly dial: Dial;
  readonly timers: Timers;
  /** How often sessions say that they are there, and what silence ends one. */
  readonly pace?: SessionPace | undefined;
  /** By whose time links run by themselves; the same as everything else unless given. */
  readonly schedule?: Pick<SchedulerOptions, "clock" | "timers"> | undefined;
  /** Hears of what is done to get back what was lost in a restore. */
  readonly onRecovery?: RecoveryParts["onRecovery"];
}

interface Going {
  readonly live?: LiveHooks | undefined;
  readonly again?: RunRow | undefined;
}

/** The syncs of an instance: those that somebody asks for, one at a time per link, and by schedule. */
export class Syncs {
  readonly #parts: SyncParts;
  readonly #closing = new AbortController();
  readonly #running = new Map<string, Promise<RunRow>>();
  readonly #scheduler: LinkScheduler;
  readonly #recovery: Recovery;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    const { store, search, clock, timers, random } = parts;
    this.#recovery = new Recovery({
      ...parts,
      signal: this.#closing.signal,
      beforeEnd: (lsn) => search.covers(lsn),
    });
    this.#scheduler = new LinkScheduler({
      ...{ clock, timers, random },
      ...parts.schedule,
      links: () => store.links(),
      lastStarted: async (link) => (await store.runs({ link, limit: 1 }))[0]?.started ?? null,
      // A live session may stay for days: whoever asks for a run meanwhile gets one beside it.
      run: (link, { signal, ...going }) =>
        going.live === undefined ? this.sync(link, { signal }) : this.#run(link, { signal }, going),
    });
  }

  /** Resolves when an instance that was set back has asked its peers for what it lost. */
  recovered(): Promise<void> {
    return this.#recovery.ready();
  }

  /** A second call for a link waits for the first: two at once would carry everything twice. */
  async sync(name: string, options: SyncOptions): Promise<RunRow> {
    const before = this.#running.get(name);
    const run = (async () => {
      await before?.catch(() => undefined);
      return this.#run(name, options, {});
    })();
    this.#running.set(name, run);
    try {
      return await run;
    } finally {
      if (this.#running.get(name) === run) this.#running.delete(name);
    }
  }

  /** Keeps one link live, or all, until the signal. Throws `LINK_NOT_FOUND`. */
  async watch(
    name: string | undefined,
    { signal, onEvent = () => {} }: WatchOptions,
  ): Promise<void> {
    if (name !== undefined) linkNamed(await this.#parts.store.links(), name);
    const end = this.#until(signal);
    const stop = await this.#scheduler.watch(name, onEvent);
    await new Promise<void>((resolve) => {
      if (end.aborted) resolve();
      else end.addEventListener("abort", () => resolve(), { once: true });
    });
    await stop();
  }

  async schedule(onEvent?: (event: LinkEvent) => void): Promise<Schedule> {
    return { stop: await this.#scheduler.serve(onEvent) };
  }

  states(): ReadonlyMap<string, LinkState> {
    return this.#scheduler.states();
  }

  /** Links that come or go take effect at once. */
  async afterChange<T>(change: () => Promise<T>): Promise<T> {
    const result = await change();
    await this.#scheduler.reconcile();
    return result;
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    const closing = this.#closing.signal;
    return signal === undefined ? closing : AbortSignal.any([signal, closing]);
  }

  async #run(
    name: string,
    { signal, onProgress, acceptRemovals, types }: SyncOptions,
    { live, again }: Going,
  ): Promise<RunRow> {
    const { store, search, dial, clock, timers, random, edition, pace } = this.#parts;
    return runLink({
      store,
      link: linkNamed(await store.links(), name),
      dial,
      clock,
      timers,
      random,
      signal: this.#until(signal),
      onProgress,
      acceptRemovals,
      types,
      beforeEnd: (lsn) => search.covers(lsn),
      edition,
      pace,
      live,
      again,
    });
  }

  /** Stops what is running, and waits until its run is recorded. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#scheduler.close();
    await Promise.allSettled(this.#running.values());
  }
}
