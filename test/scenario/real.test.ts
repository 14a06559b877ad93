// Proves that scenario files are played with real processes, too: some of scenarios/ here, all that can
// be by `npm run scenarios:real`; that what only the simulated world can do is refused with its place,
// and that nothing is left of processes and folders, however the runner ends.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { readPlacedScenario, readScenario } from "../../src/scenario/format/read-scenario.ts";
import { playReal } from "../../src/scenario/real/play-real.ts";
import { unplayable } from "../../src/scenario/real/playable.ts";
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

test(
  "some of the files hold: a cut at a frame, a full disk, a search; and what happens to whole folders",
  async () => {
    const files = [
      "two-way/two-sites-edit-between-syncs.yaml",
      "faults/disk-full-on-the-target.yaml",
      "first-sync/search-is-up-to-date-at-once.yaml",
    ];
    const texts = files.map((file) => readFileSync(join(FOLDER, file), "utf8"));
    const plays = [...texts, DISASTERS].map((text, at) => {
      const file = files[at] ?? "disasters.yaml";
      return { file, scenario: readScenario(text, file), only: "base" };
    });
    const results = await playReal(plays);
    expect(results.flatMap(({ failed }) => failed)).toEqual([]);
    expect(results.map(({ labels }) => labels)).toEqual(results.map(() => ["base"]));
  },
  SLOW,
);

/** A scenario that is wrong about a title, with an order to try, and a sweep for the simulated world. */
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
sweep: [ { during: "10:40", crash: B, at: every-commit } ]
`;

test(
  "what does not hold is told as in the simulated world; what was left out is no success",
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
    expect(one.skipped.map(({ label }: { label: string }) => label)).toEqual([
      "sweep 10:40 crash B every-commit",
    ]);
  },
  SLOW,
);

describe("what only the simulated world can do is refused, with its place:", () => {
  const scenario = (step: string, link = "") => `scenario: 1
name: Something else
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: both${link} } ]
timeline:
  - { at: "10:00", sync: [A, B], during: [ ${step} ] }
`;

  test.each([
    ["{ after: { commits: 1, on: B }, fault: { crash: B } }", "", '6:55: "commits" cannot be'],
    ["{ after: { frames: 1 }, fault: { ioError: B } }", "", '6:77: "ioError" cannot be'],
    ["{ after: { frames: 1 }, fault: { late: [A, B], by: 5s } }", "", '6:77: "late" cannot be'],
    ["{ after: { frames: 1 }, fault: { duplicate: [A, B] } }", "", '6:77: "duplicate" cannot be'],
    ["", ', mode: "every:5m"', '4:45: "mode" cannot be'],
  ])("%s%s", (step, link, sentence) => {
    const text = scenario(step, link);
    const { scenario: read, placed } = readPlacedScenario(text, "x.yaml");
    const [fault, ...others] = unplayable(read);
    expect(others).toEqual([]);
    expect(fault && placed(fault)).toContain(`x.yaml:${sentence}`);
  });

  test("before anything is played, unless such files are to be left out", async () => {
    const file = path("refused.yaml");
    writeFileSync(file, scenario("{ after: { frames: 1 }, fault: { ioError: B } }"));
    const refused = await syncline(["scenario", "run", "--real", file]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(`${file}:6:77: "ioError" cannot be played`);
    expect(refused.stderr).toContain("[SCENARIO_SIMULATED]");
    const left = await syncline(["scenario", "run", "--real", "--where-possible", file]);
    expect(left.stdout).toBe("0 scenarios, 0 runs, 0 failed\n");
    expect(left.stderr).toContain(`left out: ${file}:6:77`);
  });
});

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
