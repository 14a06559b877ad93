import type { Checker } from "./world-state.ts";

/** When everybody has everything, a sync sends no records. */
export const quiet: Checker = ({ batchesSinceQuiet }) =>
  batchesSinceQuiet === 0
    ? []
    : [`${batchesSinceQuiet} batches were sent after everybody had everything`];
