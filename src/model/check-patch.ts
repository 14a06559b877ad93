import type { Revision } from "./record.ts";

/** Placeholder until the rules are in. */
export function checkPatch(record: Revision): void {
  void record;
}
