import type { AuthorCommand, AuthorOutcome, Change } from "../../../src/log/author.ts";
import type { PlannedLink } from "../../../src/scenario/world/links.ts";
import type { RunRow } from "../../../src/store/rows.ts";
import type { PolicyChange } from "../../../src/store/store.ts";

/** Something that happened in the chaos of a seed, as far as a scenario can say it. */
export type Recorded = { readonly atMs: number } & (
  | { readonly kind: "change"; readonly on: string; readonly by: string; readonly change: Change }
  | RecordedRun
  | { readonly kind: "crash"; readonly on: string }
  | { readonly kind: "jump"; readonly on: string; readonly ms: number }
  | { readonly kind: "policy"; readonly on: string; readonly change: PolicyChange }
);

/** A run of a link; what broke its connection, and what it came to. */
export interface RecordedRun {
  readonly kind: "run";
  readonly link: PlannedLink;
  broken?: { readonly from: string; readonly frames: number };
  /** Who stopped amid it, after how many commits since it began. */
  crashed?: { readonly on: string; readonly commits: number };
  outcome?: RunRow["outcome"];
}

/** Writes down what a seed does, to be told again as a scenario. */
export class Recorder {
  readonly #nowMs: () => number;
  readonly #recorded: Recorded[] = [];
  readonly #commits = new Map<string, number>();
  readonly #types = new Map<string, string>();
  #last: (RecordedRun & { readonly commitsBefore: ReadonlyMap<string, number> }) | undefined;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get all(): readonly Recorded[] {
    return this.#recorded;
  }

  typeOf(object: string): string | undefined {
    return this.#types.get(object);
  }

  /** Only what changed something: the rest was refused, or said nothing new. */
  authored(on: string, { author, changes }: AuthorCommand, outcome: AuthorOutcome): void {
    const touched = new Set([
      ...outcome.revisions.map(({ object }) => object),
      ...(outcome.purges ?? []).map(({ object }) => object),
      ...(outcome.shunned ?? []),
    ]);
    for (const { object, type } of outcome.revisions) this.#types.set(object, type);
    for (const change of changes) {
      if (touched.has(change.object)) this.#add({ kind: "change", on, by: author, change });
    }
  }

  changedPolicy(on: string, change: PolicyChange): void {
    this.#add({ kind: "policy", on, change });
  }

  jumped(on: string, ms: number): void {
    this.#add({ kind: "jump", on, ms });
  }

  /** A run begins; the returned function hears of its end. */
  ran(link: PlannedLink): (run: RunRow | undefined) => void {
    const run = { kind: "run" as const, link, commitsBefore: new Map(this.#commits) };
    this.#last = run;
    this.#add(run);
    return (row) => {
      (run as RecordedRun).outcome = row?.outcome ?? "interrupted";
    };
  }

  /** The connection that is made now will break. */
  breaks(from: string, frames: number): void {
    if (this.#last !== undefined) this.#last.broken = { from, frames };
  }

  committed(on: string): void {
    this.#commits.set(on, (this.#commits.get(on) ?? 0) + 1);
  }

  /** An instance stops, at a commit of a run or for no reason. */
  crashed(on: string, isAtCommit: boolean): void {
    if (!isAtCommit || this.#last === undefined) {
      this.#add({ kind: "crash", on });
      return;
    }
    const before = this.#last.commitsBefore.get(on) ?? 0;
    const commits = Math.max(1, (this.#commits.get(on) ?? 0) - before);
    this.#last.crashed = { on, commits };
  }

  #add(what: Recorded extends infer R ? (R extends unknown ? Omit<R, "atMs"> : never) : never) {
    this.#recorded.push(Object.assign(what, { atMs: this.#nowMs() }) as Recorded);
  }
}
