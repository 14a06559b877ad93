// Proves with real processes and sockets that disasters in a row lose nothing that was acknowledged and
// damage nothing. `npm run chaos` goes on for hundreds of them.
import { expect, test } from "vitest";
import { chaos } from "./chaos.ts";

test.each(["live", "manual"] as const)(
  "a few disasters, %s link",
  async (mode) => {
    const report = await chaos({ seed: 1, cycles: 5, mode });
    expect(report).toMatchObject({ isEqual: true, lost: 0, damage: [] });
    expect(report.acknowledged).toBeGreaterThan(0);
  },
  120_000,
);
