import type { FamilyRun } from "../run/run-family.ts";

/** Runs that were left out, and why. */
export interface Skipped {
  readonly label: string;
  readonly reason: string;
}

/** What came out of one scenario file. */
export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  /** Runs of its family, the timeline itself included. */
  readonly runs: number;
  readonly failed: readonly FamilyRun[];
  readonly skipped: readonly Skipped[];
  /** How long it took. */
  readonly ms: number;
}
