// Proves that scenario files are played with real processes, too: some of scenarios/ and each word that
// needs the help of the process or of the network here, all of scenarios/ by `npm run scenarios:real`;
// that nothing is left of processes and folders, however the runner ends.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { playReal } from "../../src/scenario/real/play-real.ts";
import { testFolder } from "../e2e/folder.ts";
import { start, syncline } from "../e2e/syncline.ts";

const FOLDER = join(import.meta.dirname, "../../scenarios");
const SLOW = 240_000;
const path = testFolder();

/** What happens to whole folders; what A lost is still in the copy, which is somebody else by then. */
const DISASTERS = `scenario: 1
name: A copied folder has what a restored one lost
instances: { A: {} }
links: [ { from: C, to: A, direction: both } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump } }, { on: A, backup: monday } ] }
  - { at: "10:10", do: [ { on: A, set: package/pump, value: { title: Pumps }, as: a1 }, { on: A, clone: C } ] }
  - { at: "10:20", do: [ { on: C, newIdentity: true }, { on: A, restoreBackup: monday, how: files } ] }
  - { at: "10:30", check: { log: { A: { package/pump: 1 } }, epochs: { A: [copy], C: [copy, new-identity] } } }
  - { at: "10:40", sync: [A, C] }
finally: { converged: [[A, C]], log: { A: { package/pump: [a1] } } }
`;

/** What the processes, or the network between them, have to be driven for. */
const DRIVEN = `scenario: 1
name: Late packets, a sync started twice, a failing disk, a power cut, a schedule and a new version
instances: { A: {}, B: { store: sqlite }, C: {} }
links: [ { from: A, to: B, direction: both }, { from: A, to: C, direction: pull, mode: "every:5m" } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump } } ] }
  - { at: "10:06", check: { value: { C: { package/pump: { title: Pump } } } } }
  - { at: "10:07", do: [ { on: A, set: package/pump, value: { title: Pumps } } ] }
  - { at: "10:08", check: { value: { C: { package/pump: { title: Pump } } } } }
  - at: "10:09"
    sync: [A, B]
    during:
      - { after: { frames: 4 }, fault: { late: [A, B], by: 30s } }
      - { after: { frames: 8 }, fault: { duplicate: [A, B] } }
  - { at: "10:20", do: [ { on: A, set: package/pump, value: { title: Pumping } } ] }
  - at: "10:21"
    sync: [A, B]
    during: [ { after: { frames: 1, from: A }, fault: { ioError: B, for: 30s } } ]
    expect: { outcome: failed, error: STORE_IO }
  - { at: "10:22", check: { value: { B: { package/pump: { title: Pumps } }, C: { package/pump: { title: Pumping } } } } }
  - at: "10:30"
    sync: [A, B]
    during: [ { after: { commits: 1, on: B }, do: [ { on: B, crash: true, unsynced: gone } ] } ]
  - { at: "10:31", check: { log: { B: { package/pump: 3 } }, search: { B: { Pumping: [package/pump] } } } }
  - { at: "10:40", do: [ { on: B, update: { schema: 2 } }, { on: B, set: package/pump, value: { rank: 3 } } ] }
  - { at: "10:41", check: { value: { B: { package/pump: { rank: 3 } } } } }
`;

/** The second step is due before the processes of the first are even up. */
const LIVE = `scenario: 1
name: A live link is in step at the next step, however soon that is
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: pull, mode: live } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump } } ] }
  - { at: "10:00:00.001", check: { value: { B: { package/pump: { title: Pump } } } } }
`;

/** Files of scenarios/, and which of their runs. */
const FILES = [
  ["two-way/two-sites-edit-between-syncs.yaml", "base"],
  ["faults/disk-full-on-the-target.yaml", "base"],
  ["purge/purged-on-a.yaml", "sweep 10:20 crash B commit 2"],
] as const;

test(
  "some runs hold: a cut at a frame, a crash at a commit, and what processes are driven for",
  async () => {
    const plays = [
      ...FILES.map(([file, only]) => ({ text: readFileSync(join(FOLDER, file), "utf8"), only })),
      ...[DISASTERS, DRIVEN, LIVE].map((text) => ({ text, only: "base" })),
    ].map(({ text, only }, at) => {
      const file = `${at}.yaml`;
      return { file, scenario: readScenario(text, file), only };
    });
    const results = await playReal(plays);
    expect(results.flatMap(({ failed }) => failed)).toEqual([]);
    expect(results.map(({ labels }) => labels)).toEqual(plays.map(({ only }) => [only]));
  },
  SLOW,
);

/** A scenario that is wrong about a title, with an order to try. */
const WRONG = `scenario: 1
name: Somebody is wrong
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: pull } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump } } ] }
  - { at: "10:05", check: { value: { A: { package/pump: { title: Pipe } } } } }
  - { at: "10:10", do: [ { on: A, crash: true }, { on: A, restart: true } ] }
  - { at: "10:20", check: { value: { A: { package/pump: { title: Pump } } } } }
  - { at: "10:30", do: [ { on: B, create: group/parks } ] }
  - { at: "10:40", sync: [A, B] }
permute: [ "10:10", "10:30" ]
`;

test(
  "what does not hold is told as in the simulated world",
  async () => {
    writeFileSync(path("wrong.yaml"), WRONG);
    const { code, stdout } = await syncline([
      "scenario",
      "run",
      "--real",
      path("wrong.yaml"),
      "--json",
    ]);
    expect(code).toBe(1);
    const [one] = JSON.parse(stdout).scenarios;
    expect(one).toMatchObject({ runs: 2, failed: [{ run: "base" }] });
    expect(one.failed[0].failures).toMatchObject([
      { at: "10:05", message: 'A shows title of package/pump as "Pump", not "Pipe"' },
    ]);
    expect(one.failed[0].replay).toContain("scenario run --real ");
  },
  SLOW,
);

/** A scenario whose sync goes on for long, on SQLite where it is simulated. */
const LONG = `scenario: 1
name: A slow one
instances: { A: { store: sqlite }, B: { store: sqlite } }
links: [ { from: A, to: B, direction: both } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump } } ] }
  - at: "10:10"
    sync: [A, B]
    during: [ { after: { frames: 1 }, fault: { slow: [A, B], bytesPerSecond: 5 } } ]
`;

describe("however the runner ends, nothing is left:", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGKILL", null],
  ] as const)(
    "%s",
    async (signal, exit) => {
      const temp = path(`temp-${signal}`);
      mkdirSync(temp);
      writeFileSync(path("long.yaml"), LONG);
      const running = start(["scenario", "run", "--real", path("long.yaml")], { TMPDIR: temp });
      const servers = await serversOf(running.child.pid as number, 2);
      running.child.kill(signal);
      const { code, stderr } = await running.result;
      expect(code).toBe(exit);
      for (let left = servers; left.length > 0; left = left.filter(isThere)) await delay(20);
      if (signal === "SIGKILL") return;
      expect(stderr).toMatch(/interrupted: 1 scenario not played to the end\n {2}.*long\.yaml\n/);
      expect(readdirSync(temp)).toEqual([]);
    },
    SLOW,
  );
});

/** The servers that a runner has started, once there are so many of them. */
async function serversOf(runner: number, count: number): Promise<readonly number[]> {
  for (;;) {
    const children = readFileSync(`/proc/${runner}/task/${runner}/children`, "utf8");
    const pids = children
      .split(" ")
      .filter((pid) => pid !== "")
      .map(Number);
    if (pids.length >= count) return pids;
    await delay(20);
  }
}

function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
