// Proves with real processes and sockets that disasters in a row lose nothing that was acknowledged (but
// for what a restored backup did not have, nor anybody else) and damage nothing: each kind of disaster
// is played here; `npm run chaos` goes on for hundreds of them.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chaos } from "./chaos.ts";
import { DISASTERS } from "./disasters.ts";

const CLI = join(import.meta.dirname, "cli.ts");

const PLAYED = {
  live: ["kill", "stop", "diskFull", "cut", "restore", "sliced"],
  manual: ["kill", "reset", "slow", "blackHole", "late", "clone"],
} as const;

/** What people do meanwhile, besides deciding conflicts, which may not be there. */
const some = expect.any(Number);
const EDITS = { set: some, create: some, rename: some, delete: some, undelete: some, purge: some };

test.each(["live", "manual"] as const)(
  "a few disasters, %s link",
  async (mode) => {
    const faults = PLAYED[mode];
    const report = await chaos({ seed: 1, cycles: faults.length, mode, faults });
    expect(report).toMatchObject({ isEqual: true, lost: [], damage: [] });
    expect(report.edits).toMatchObject(EDITS);
  },
  240_000,
);

test.each([["--help"], ["--cycle", "3"], ["--cycles", "none"]])(
  "%s says how it is used",
  (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^usage: npm run chaos -- .*\n$/);
  },
);

test("each kind of disaster is among them", () => {
  const played: readonly string[] = Object.values(PLAYED).flat();
  expect(Object.keys(DISASTERS).filter((one) => !played.includes(one))).toEqual([]);
});
