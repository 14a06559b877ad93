import type { FamilyRun } from "../run/run-family.ts";

/** What came out of one scenario file. */
export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  /** The runs of its family that were played, the timeline itself among them. */
  readonly labels: readonly string[];
  readonly failed: readonly FamilyRun[];
  /** How long it took. */
  readonly ms: number;
}
