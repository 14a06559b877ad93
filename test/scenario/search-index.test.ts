// Proves that an instance with a SQLite store has the product's search index in the simulated world, so that a
// sync which does not wait for it, or an index that misses something, is found; and that an index which a
// power cut took, or set back, is mended.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";
import type { Planted } from "../../src/scenario/world/simulated-instance.ts";

const FILE = "first-sync/search-is-up-to-date-at-once.yaml";
const path = join(import.meta.dirname, "../../scenarios", FILE);
const played = readScenario(readFileSync(path, "utf8"), FILE);

async function failuresOf(planted: Planted): Promise<readonly string[]> {
  const { failures } = await runScenario(played, { planted });
  return failures.map(({ at, message }) => `${at} ${message}`);
}

describe("it is found that", () => {
  test("a sync does not wait for the index", async () => {
    const index: Planted["index"] = (whole) => ({ ...whole, covers: () => Promise.resolve() });
    expect(await failuresOf({ index })).toEqual([
      "finally searchable: B: the index covers 0 of 4 when a run ends",
    ]);
  });

  test("the index is not told of what comes", async () => {
    const index: Planted["index"] = (whole) => {
      const told = Promise.resolve();
      return { ...whole, advance: () => {}, covers: () => told, refresh: () => told };
    };
    expect((await failuresOf({ index }))[0]).toContain("searchable: B: the index covers 0 of");
  });

  test("the index drops a change", async () => {
    const indexSource: Planted["indexSource"] = (source) => ({
      ...source,
      changes: (after, limit) => source.changes(after, limit).filter(({ lsn }) => lsn !== 5),
    });
    const failures = await failuresOf({ indexSource });
    expect(failures).toContain('10:15 B finds package/cemeteries for "honor", not ');
  });
});

/** B has what A had at 10:00, then the power of its machine goes, or its file is an older one. */
function lossOf(loss: string): string {
  return `
scenario: 1
name: B's index is not what it was
instances: { A: {}, B: { store: sqlite } }
links: [ { from: A, to: B, direction: both } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/tide, value: { notes: "Low water." } }, { on: A, create: package/ebb } ] }
  - { at: "10:05", sync: [A, B] }
  - { at: "10:10", do: [ { on: B, backup: early }, { on: B, restart: true } ] }
  - at: "10:20"
    do:
      - { on: B, set: package/tide, value: { notes: "High water." } }
      - { on: B, delete: package/ebb }
      - { on: B, create: package/reef, value: { notes: "Low rocks." } }
  - { at: "10:25", sync: [A, B] }
  - { at: "10:30", do: [ ${loss}, { on: B, restart: true } ] }
  - { at: "10:30", check: { search: { B: { high: [package/tide], low: [package/reef], ebb: [] } } } }
finally: { sync: all, converged: [[A, B]], invariants: all }
`;
}

describe("an index is mended that", () => {
  const now = "high: [package/tide], low: [package/reef], ebb: []";
  const early = "high: [], low: [package/tide], ebb: [package/ebb]";
  const setBack = "{ on: B, restoreBackup: early, how: files }";
  test.each([
    ["went in a power cut", lossOf("{ on: B, crash: true, unsynced: gone }"), "0 of 5"],
    ["an older one took the place of", lossOf("{ on: B, crash: true, unsynced: older }"), "2 of 5"],
    ["is of what the catalog was no more", lossOf(setBack).replace(now, early), "5 of 2"],
  ])("%s", async (_what, text, start) => {
    const { failures, timeline } = await runScenario(readScenario(text, "x.yaml"));
    expect(failures).toEqual([]);
    expect(timeline).toContain(`B      starts; its index covers ${start}`);
  });
});
