import { createHash } from "node:crypto";

/**
 * The unified timeline of a run: what happened where, at which virtual time. Its hash tells whether
 * two runs were the same; the lines are only kept on request.
 */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #lines: string[] | undefined;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number, keepLines: boolean) {
    this.#nowMs = nowMs;
    this.#lines = keepLines ? [] : undefined;
  }

  add(who: string, what: string): void {
    const line = `${this.#nowMs().toFixed(3)} ${who} ${what}`;
    this.#hash.update(line).update("\n");
    this.#lines?.push(line);
  }

  /** Once, at the end. */
  digest(): string {
    return this.#hash.digest("hex");
  }

  /** Each line with its time in seconds, for people. */
  print(): string {
    return (this.#lines ?? []).map(printed).join("\n");
  }
}

function printed(line: string): string {
  const [ms = "", who = "", ...what] = line.split(" ");
  return `${(Number(ms) / 1000).toFixed(6).padStart(12)}  ${who.padEnd(6)} ${what.join(" ")}`;
}
