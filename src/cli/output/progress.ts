import type { Clock } from "../../base/ports/clock.ts";
import type { Cli } from "../cli.ts";
import type { Output } from "./output.ts";
import { displayWidth, truncate } from "./text.ts";
import { clockTime, count, counted } from "./units.ts";

/** How far work has come. Without a total there is no bar, only what was done. */
export interface Step {
  readonly done: number;
  readonly total?: number;
  /** Beside the bar: `1,200 lines`, of which `unit` is one. The rate is counted from `units`. */
  readonly units?: number;
  readonly unit?: string;
}

/** Shows work while it goes on. After `end` nothing of it is left on a terminal. */
export interface Progress {
  update(step: Step): void;
  end(): void;
}

const REDRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 5000;
const BAR_COLUMNS_MAX = 24;
/** A rate over less time than this is noise. */
const RATE_AFTER_MS = 300;

export interface ProgressOptions {
  readonly output: Output;
  readonly clock: Clock;
  readonly label: string;
}

/** A bar that redraws itself on a terminal; elsewhere a plain line every few seconds. */
export function startProgress(options: ProgressOptions): Progress {
  return options.output.isTerminal ? new Bar(options) : new Lines(options);
}

/** A command's progress on stderr; none with `--json`. */
export function commandProgress(cli: Cli, label: string): Progress {
  if (cli.json) return { update() {}, end() {} };
  return startProgress({ output: cli.err, clock: cli.clock, label });
}

class Bar implements Progress {
  readonly #options: ProgressOptions;
  readonly #startedMs: number;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
  }

  update(step: Step): void {
    const { output, clock, label } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#drawnMs < REDRAW_EVERY_MS) return;
    this.#drawnMs = nowMs;
    this.#isDrawn = true;
    // One column stays free: a full last column makes some terminals wrap.
    const text = describe(label, step, nowMs - this.#startedMs, output.columns - 1);
    output.write(`\r${text}\x1b[K`);
  }

  end(): void {
    if (this.#isDrawn) this.#options.output.write("\r\x1b[K");
    this.#isDrawn = false;
  }
}

class Lines implements Progress {
  readonly #options: ProgressOptions;
  readonly #startedMs: number;
  #printedMs: number;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#printedMs = this.#startedMs;
  }

  update(step: Step): void {
    const { output, clock, label } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#printedMs < LINE_EVERY_MS) return;
    this.#printedMs = nowMs;
    output.write(`${words(label, step, nowMs - this.#startedMs).join("  ")}\n`);
  }

  end(): void {}
}

/** One line of at most `width` columns: label, bar, numbers; what does not fit is left out. */
function describe(label: string, step: Step, elapsedMs: number, width: number): string {
  const parts = words(truncate(label, Math.floor(width / 3)), step, elapsedMs);
  const text = parts.join("  ");
  const room = width - displayWidth(text) - 4;
  if (step.total === undefined || room < 6) return truncate(text, width);
  const bar = drawBar(fraction(step), Math.min(room, BAR_COLUMNS_MAX));
  return [parts[0], bar, ...parts.slice(1)].join("  ");
}

function words(label: string, step: Step, elapsedMs: number): string[] {
  const units = step.units ?? step.done;
  const parts = [label];
  if (step.total !== undefined) parts.push(`${Math.floor(fraction(step) * 100)}%`.padStart(4));
  parts.push(step.unit === undefined ? count(units) : counted(units, step.unit));
  if (elapsedMs < RATE_AFTER_MS) return parts;
  const perSecond = (units * 1000) / elapsedMs;
  if (perSecond >= 1) parts.push(`${count(perSecond)}/s`);
  const left = secondsLeft(step, elapsedMs);
  if (left !== undefined) parts.push(`${clockTime(left)} left`);
  return parts;
}

function secondsLeft(step: Step, elapsedMs: number): number | undefined {
  if (step.total === undefined || step.done <= 0) return undefined;
  const whole = fraction(step);
  return (elapsedMs * (1 - whole)) / whole / 1000;
}

function fraction({ done, total = 0 }: Step): number {
  return total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
}

function drawBar(part: number, width: number): string {
  const inner = width - 2;
  const filled = Math.round(inner * part);
  return `[${"=".repeat(filled)}${" ".repeat(inner - filled)}]`;
}
