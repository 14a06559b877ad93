// Proves that live links keep sync's promises on random networks with everything going wrong: after
// the network heals, everybody has everything without anybody running a sync, and all is quiet.
import { expect, test } from "vitest";
import { printFailure } from "./print-failure.ts";
import { simulate } from "./simulate.ts";

const SEEDS = 60;
const marks = new Set<string>();

test(`${SEEDS} random seeds hold`, async () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const report = await simulate({ seed, live: true });
    for (const mark of report.marks) marks.add(mark);
    if (report.violations.length > 0) expect.fail(printFailure(report));
  }
}, 120_000);

test("they met the trouble that live links have", () => {
  const expected = ["live connected", "live inStep", "live ended", "live waits", "conflict found"];
  const ends = ["DISCONNECTED", "TIMEOUT", "FRAME_DAMAGED", "CONNECT_FAILED"];
  const met = ends.map((end) => ["pull", "push", "both"].map((way) => `${way} ended ${end}`));
  expect([...marks]).toEqual(expect.arrayContaining([...expected, ...met.flat()]));
});
