import type { Checker } from "./world-state.ts";

/** When everybody has everything, a sync sends no records. */
export const quiet: Checker = ({ batchesInLastRound }) =>
  batchesInLastRound === 0
    ? []
    : [`a round of syncs without anything new sent ${batchesInLastRound} batches`];
