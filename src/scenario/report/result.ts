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
  /** The runs of its family that were played, the timeline itself among them. */
  readonly labels: readonly string[];
  readonly failed: readonly FamilyRun[];
  readonly skipped: readonly Skipped[];
  /** How long it took. */
  readonly ms: number;
}
