// Proves with real processes and sockets that disasters in a row lose nothing that was acknowledged (but
// for what a restored backup did not have, nor anybody else) and damage nothing. `npm run chaos` goes on
// for hundreds of them.
import { expect, test } from "vitest";
import { chaos } from "./chaos.ts";

test.each([
  ["live", ["kill", "diskFull", "restore", "kill"]],
  ["manual", ["kill", "restore", "blackHole", "clone", "kill"]],
] as const)(
  "a few disasters, %s link",
  async (mode, faults) => {
    const report = await chaos({ seed: 1, cycles: faults.length, mode, faults });
    expect(report).toMatchObject({ isEqual: true, lost: [], damage: [] });
    expect(report.acknowledged).toBeGreaterThan(0);
  },
  240_000,
);
