import { asSynclineError } from "../../base/errors.ts";
import { TIMER_MS_MAX } from "../../base/limits.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { RunRow } from "../../store/rows.ts";
import type { LiveHooks } from "../host/live-run.ts";
import type { SessionResult } from "../session/result.ts";
import { InStepReport } from "./in-step-report.ts";
import type { LinkEvent, LinkNews, LinkState } from "./link-event.ts";
import { type EndedRun, LinkPlan, type PlannedMode } from "./link-plan.ts";

/** Runs a link once, or holds a live session until it ends. */
export type RunScheduled = (
  link: string,
  options: {
    readonly signal: AbortSignal;
    /** Undefined for a run that ends by itself. */
    readonly live: LiveHooks | undefined;
    /** The attempt before, which came to nothing. */
    readonly again: RunRow | undefined;
  },
) => Promise<RunRow>;

export interface RunnerOptions {
  readonly link: string;
  readonly mode: PlannedMode;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly run: RunScheduled;
  readonly onEvent: (event: LinkEvent) => void;
}

/** Runs one link by its plan until it is stopped: never twice at once. */
export class LinkRunner {
  readonly #options: RunnerOptions;
  readonly #plan: LinkPlan;
  readonly #stop = new AbortController();
  readonly #inStep: InStepReport;
  #cancel: () => void = () => {};
  #running: Promise<void> | undefined;
  #dueMs = 0;
  #soFar: (() => SessionResult) | undefined;
  #inStepSinceMs: number | null = null;
  /** The last attempt, if it came to nothing. */
  #failed: RunRow | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#plan = new LinkPlan(options.mode, options.random);
    this.#inStep = new InStepReport(options.link, options.timers, options.onEvent);
  }

  /** `agoMs` is when the last run began, null for never. */
  start(agoMs: number | null): void {
    this.#wait(this.#plan.first(this.#nowMs, agoMs));
  }

  /** Ends what is under way at its next commit, and waits for that. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#running;
  }

  get state(): LinkState {
    const { mode, clock } = this.#options;
    const isLive = mode.kind === "live";
    if (this.#running === undefined) {
      const waitMs = this.#dueMs - clock.monotonicMs();
      const next = new Date(clock.nowMs() + Math.max(waitMs, 0)).toISOString();
      return { state: isLive ? "back-off" : "waiting", next, session: null };
    }
    const going = this.#inStepSinceMs === null ? "connecting" : "connected";
    const session = this.#soFar?.() ?? null;
    return { state: isLive ? going : "running", next: null, session };
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #wait(ms: number): void {
    this.#dueMs = this.#nowMs + ms;
    this.#arm(ms);
  }

  #arm(ms: number): void {
    const { timers } = this.#options;
    const nowMs = Math.min(ms, TIMER_MS_MAX);
    this.#cancel = timers.after(nowMs, () => {
      if (ms > nowMs) this.#arm(ms - nowMs);
      else this.#running = this.#run();
    });
  }

  async #run(): Promise<void> {
    const ended = await this.#runOnce();
    this.#running = undefined;
    if (this.#stop.signal.aborted) return;
    const ms = this.#plan.next(this.#nowMs, ended);
    this.#wait(ms);
    this.#tell({ event: "waits", ms: Math.round(ms) });
  }

  async #runOnce(): Promise<EndedRun> {
    const { link, mode, run } = this.#options;
    const live = mode.kind === "live" ? this.#hooks() : undefined;
    try {
      const again = this.#failed;
      const row = await run(link, { signal: this.#stop.signal, live, again });
      const inStepMs = this.#inStepSinceMs === null ? null : this.#nowMs - this.#inStepSinceMs;
      this.#failed = row.outcome !== "ok" && row.peer === null ? row : undefined;
      this.#inStep.end();
      this.#tell({ event: "ended", run: row });
      return { outcome: row.outcome, code: row.error?.code, inStepMs };
    } catch (error) {
      // The link is gone, or the store cannot be read: there is no run to tell of.
      return { outcome: "failed", code: asSynclineError(error).code, inStepMs: null };
    } finally {
      this.#inStepSinceMs = null;
      this.#soFar = undefined;
    }
  }

  #hooks(): LiveHooks {
    return {
      onLive: (peer, soFar) => {
        this.#soFar = soFar;
        this.#inStep.begin(soFar);
        this.#tell({ event: "connected", peer });
      },
      onInStep: () => {
        this.#inStepSinceMs ??= this.#nowMs;
        this.#inStep.note();
      },
    };
  }

  #tell(news: LinkNews): void {
    this.#options.onEvent({ link: this.#options.link, ...news });
  }
}
