import type { LinkRow } from "../../store/rows.ts";
import type { Awaitable } from "../../store/store.ts";
import type { LinkEvent, LinkState } from "./link-event.ts";
import { LinkRunner, type RunnerOptions } from "./link-runner.ts";
import { LIVE, type LinkMode, MANUAL, parseMode } from "./mode.ts";

export interface SchedulerOptions
  extends Pick<RunnerOptions, "clock" | "timers" | "random" | "run"> {
  readonly links: () => Awaitable<readonly LinkRow[]>;
  /** When the last run of a link began, ISO 8601; null for never. */
  readonly lastStarted: (link: string) => Awaitable<string | null>;
}

interface Held {
  readonly runner: LinkRunner;
  /** What it was started for: another one is started when this changes. */
  readonly settings: string;
}

/**
 * Runs links by themselves: all of them by their modes while {@link serve} is on, and those that
 * somebody watches live, whatever their mode. Links that come, go or change take effect with
 * {@link reconcile}.
 */
export class LinkScheduler {
  readonly #options: SchedulerOptions;
  readonly #held = new Map<string, Held>();
  readonly #listeners = new Set<(event: LinkEvent) => void>();
  /** Links that are watched, by whom; undefined stands for all. */
  readonly #watched = new Map<object, string | undefined>();
  #serving = 0;
  #isClosed = false;
  #reconciling: Promise<void> = Promise.resolve();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Runs all links by their modes, until the returned function is called. */
  async serve(onEvent?: (event: LinkEvent) => void): Promise<() => Promise<void>> {
    this.#serving += 1;
    if (onEvent !== undefined) this.#listeners.add(onEvent);
    await this.reconcile();
    return async () => {
      this.#serving -= 1;
      if (onEvent !== undefined) this.#listeners.delete(onEvent);
      await this.reconcile();
    };
  }

  /** Keeps one link live, or all, until the returned function is called. */
  async watch(
    link: string | undefined,
    onEvent: (event: LinkEvent) => void,
  ): Promise<() => Promise<void>> {
    const watcher = {};
    const hear = (event: LinkEvent): void => {
      if (link === undefined || event.link === link) onEvent(event);
    };
    this.#watched.set(watcher, link);
    // What has been connected for long would otherwise not be heard of.
    for (const [name, { runner }] of this.#held) {
      const peer = runner.state.session?.peer?.instance;
      if (peer !== undefined) hear({ link: name, event: "connected", peer });
    }
    this.#listeners.add(hear);
    await this.reconcile();
    return async () => {
      this.#watched.delete(watcher);
      await this.reconcile();
      this.#listeners.delete(hear);
    };
  }

  states(): ReadonlyMap<string, LinkState> {
    return new Map([...this.#held].map(([link, { runner }]) => [link, runner.state]));
  }

  /** Brings what runs in line with the links as they are now. One after the other. */
  reconcile(): Promise<void> {
    const next = this.#reconciling.then(() => this.#reconcile());
    this.#reconciling = next.catch(() => undefined);
    return next;
  }

  /** Ends everything, for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.reconcile();
  }

  async #reconcile(): Promise<void> {
    const links = this.#isClosed ? [] : await this.#options.links();
    const wanted = new Map(links.map((link) => [link.name, settingsOf(link, this.#modeOf(link))]));
    const ending = [...this.#held].filter(([name, { settings }]) => wanted.get(name) !== settings);
    for (const [name] of ending) this.#held.delete(name);
    await Promise.all(ending.map(([, { runner }]) => runner.stop()));
    for (const link of links) {
      const mode = this.#modeOf(link);
      if (mode.kind === "manual" || this.#held.has(link.name)) continue;
      const agoMs = await this.#agoMs(link.name);
      const { clock, timers, random, run } = this.#options;
      const onEvent = (event: LinkEvent): void => this.#tell(event);
      const parts = { clock, timers, random, run, onEvent };
      const runner = new LinkRunner({ link: link.name, mode, ...parts });
      this.#held.set(link.name, { runner, settings: settingsOf(link, mode) });
      runner.start(agoMs);
    }
  }

  #modeOf(link: LinkRow): LinkMode {
    const watched = [...this.#watched.values()];
    if (watched.some((name) => name === undefined || name === link.name)) return LIVE;
    return (this.#serving > 0 ? parseMode(link.mode) : undefined) ?? MANUAL;
  }

  async #agoMs(link: string): Promise<number | null> {
    const started = await this.#options.lastStarted(link);
    return started === null ? null : this.#options.clock.nowMs() - Date.parse(started);
  }

  #tell(event: LinkEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** What a person configured, and how it runs now; not what syncs learned of the peer. */
function settingsOf(link: LinkRow, mode: LinkMode): string {
  const { url, direction, scope, maxRemovals, tokenFile, organizations, refusesPurges } = link;
  // Changed rules map what came already when a session begins.
  const pairs = organizations?.map.map(({ theirs, ours }) => [theirs, ours]);
  const rules = organizations && [organizations.unmapped, pairs];
  const taken = [maxRemovals, refusesPurges ?? false, rules ?? null];
  return JSON.stringify([url, direction, scope, tokenFile, taken, mode]);
}
