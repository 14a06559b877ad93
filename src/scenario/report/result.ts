import type { FamilyRun } from "../run/run-family.ts";

/** What came out of one scenario file. */
export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  /** Runs of its family, the timeline itself included. */
  readonly runs: number;
  readonly failed: readonly FamilyRun[];
  /** How long it took. */
  readonly ms: number;
}
