import { createHash } from "node:crypto";

/** How much of a timeline waits to be hashed: many lines at once cost less than each by itself. */
const UNHASHED_CHARS = 1 << 14;

/**
 * The unified timeline of a run: what happened where, at which virtual time. Its hash tells whether
 * two runs were the same; the lines are only kept on request.
 */
export class Trace {
  readonly #hash = createHash("sha256");
  #unhashed = "";
  readonly #lines: string[] | undefined;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number, keepLines: boolean) {
    this.#nowMs = nowMs;
    this.#lines = keepLines ? [] : undefined;
  }

  add(who: string, what: string): void {
    const line = `${this.#nowMs().toFixed(3)} ${who} ${what}`;
    this.#unhashed += `${line}\n`;
    if (this.#unhashed.length > UNHASHED_CHARS) {
      this.#hash.update(this.#unhashed);
      this.#unhashed = "";
    }
    this.#lines?.push(line);
  }

  /** Once, at the end. */
  digest(): string {
    return this.#hash.update(this.#unhashed).digest("hex");
  }

  /** Each line with its time, for people: of the day, or in seconds where no time is the first. */
  print(epochMs?: number): string {
    return (this.#lines ?? []).map((line) => printed(line, epochMs)).join("\n");
  }
}

function printed(line: string, epochMs: number | undefined): string {
  const [ms = "", who = "", ...what] = line.split(" ");
  const seconds = (Number(ms) / 1000).toFixed(6).padStart(12);
  const time = epochMs === undefined ? seconds : timeOfDay(epochMs + Number(ms));
  return `${time}  ${who.padEnd(6)} ${what.join(" ")}`;
}

function timeOfDay(ms: number): string {
  return new Date(ms).toISOString().slice("2026-01-15T".length, -1);
}
