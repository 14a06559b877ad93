import type { ErrorCode } from "../../base/error-codes.ts";
import {
  FIRST_RUN_MS_MAX,
  GOOD_CONNECTION_MS,
  RETRY_MS_MAX,
  RETRY_MS_MIN,
  RETRY_UNWANTED_MS_MAX,
  SCHEDULE_SPREAD_MS_MAX,
} from "../../base/limits.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import type { Outcome } from "../../store/rows.ts";
import type { LinkMode } from "./mode.ts";

/** What the plan has to know of a run. */
export interface EndedRun {
  readonly outcome: Outcome;
  readonly code?: ErrorCode | undefined;
  /** How long a live session was in step; null if it never was. */
  readonly inStepMs: number | null;
}

/** Modes in which a link runs by itself. */
export type PlannedMode = Exclude<LinkMode, { readonly kind: "manual" }>;

/** Doubling stops at the limits long before. */
const DOUBLINGS_MAX = 20;

/** When a link runs next. It only computes: times come in, milliseconds to wait go out. */
export class LinkPlan {
  readonly #mode: PlannedMode;
  readonly #random: RandomSource;
  #attempts = 0;
  /** When the last run of a schedule was to be, without its random part. */
  #plannedMs = 0;

  constructor(mode: PlannedMode, random: RandomSource) {
    this.#mode = mode;
    this.#random = random;
  }

  /** The wait for the first run here; `agoMs` is when the last one began, null for never. */
  first(nowMs: number, agoMs: number | null): number {
    if (this.#mode.kind === "live" || agoMs === null) {
      this.#plannedMs = nowMs;
      return FIRST_RUN_MS_MAX * this.#fraction();
    }
    this.#plannedMs = nowMs - Math.max(agoMs, 0);
    return this.#untilNext(nowMs, this.#mode.ms);
  }

  next(nowMs: number, ended: EndedRun): number {
    if (this.#mode.kind === "every") return this.#untilNext(nowMs, this.#mode.ms);
    const wasGood = ended.inStepMs !== null && ended.inStepMs >= GOOD_CONNECTION_MS;
    this.#attempts = wasGood ? 0 : this.#attempts + 1;
    return this.#untilRetry(ended);
  }

  /**
   * The next time of a schedule. One that was missed is made up for once, and times go on from then.
   * Later by a random part, so that links with the same schedule do not all begin together.
   */
  #untilNext(nowMs: number, everyMs: number): number {
    this.#plannedMs = Math.max(this.#plannedMs + everyMs, nowMs);
    const spreadMs = Math.min(everyMs / 10, SCHEDULE_SPREAD_MS_MAX) * this.#fraction();
    return this.#plannedMs - nowMs + spreadMs;
  }

  /**
   * Doubling with each attempt that came to nothing, up to 5 s; up to a minute where one side has to
   * be set up differently. Half of it is random, so that those who lost a peer together do not come
   * back together.
   */
  #untilRetry({ outcome, code }: EndedRun): number {
    const comesBack = outcome === "ok" || outcome === "interrupted" || code === "CONNECT_FAILED";
    const [least, most] = comesBack
      ? [RETRY_MS_MIN, RETRY_MS_MAX]
      : [RETRY_MS_MAX, RETRY_UNWANTED_MS_MAX];
    const ms = Math.min(least * 2 ** Math.min(this.#attempts, DOUBLINGS_MAX), most);
    return ms / 2 + (ms / 2) * this.#fraction();
  }

  /** From 0 to 1, without 1. */
  #fraction(): number {
    const bytes = this.#random.bytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
  }
}
