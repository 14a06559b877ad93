// Proves what `scenario run` does in the simulated world: it plays folders on several threads, tells
// what failed on screen, as JSON and as JUnit, with a command that plays it again as it stands, plays
// one run by its label, and says what was not played when it is interrupted.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { shellWord } from "../../src/cli/output/shell-word.ts";
import { programWords } from "../../src/cli/program-words.ts";
import { run } from "../cli/run.ts";
import { testFolder } from "../e2e/folder.ts";
import { entry, shell, start } from "../e2e/syncline.ts";

const path = testFolder();
const FOLDER = path("set-ups");
const WRONG = "it's <wrong> & so.yaml";
const LABEL = `vary timeline.0.do.0.value.title="Ann's"`;

/** Holds, with four runs; where the title is Ann's it does not. */
function scenario(name: string, more = ""): string {
  return `scenario: 1
name: ${name}
seed: 77
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: pull } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump } } ] }
  - { at: "10:10", do: [ { on: B, create: package/well } ] }
  - { at: "10:20", sync: [A, B] }
  - { at: "10:30", always: true, check: { value: { B: { package/pump: { title: Pump } } } } }
permute: [ "10:00", "10:10" ]
sweep: [ { during: "10:20", crash: B, at: every-commit } ]
${more}`;
}

mkdirSync(join(FOLDER, "deeper"), { recursive: true });
writeFileSync(join(FOLDER, "deeper/right.yaml"), scenario("All is well"));
writeFileSync(
  join(FOLDER, WRONG),
  scenario('"Ann: <her> & his"', `vary: { timeline.0.do.0.value.title: [Pump, "Ann's"] }\n`),
);
writeFileSync(join(FOLDER, "notes.txt"), "no scenario");

/** Runs here are few, and yet take long where many others run beside them. */
const SLOW = 120_000;
const PROGRAM = programWords({ script: entry, cwd: FOLDER, env: {} });

test("a report that cannot be written is told before anything is played", async () => {
  const folder = path("nowhere");
  const args = ["scenario", "run", "set-ups", "--only", "no such run", "--junit"];
  const missing = await run([...args, join(folder, "report.xml")], { cwd: path(".") });
  expect(missing).toMatchObject({ code: 1, stdout: "" });
  expect(missing.stderr).toContain(`there is no folder ${folder} [FILE_NOT_FOUND]`);
  const isFolder = await run([...args, FOLDER], { cwd: path(".") });
  expect(isFolder.stderr).toContain(`${FOLDER} is a folder`);
  await shell("mkdir closed && chmod 500 closed", path("."));
  // Modes do not stop root; the kernel's own file system does.
  const closed = process.getuid?.() === 0 ? "/sys/report.xml" : path("closed/report.xml");
  const refused = await run([...args, closed, "--json"], { cwd: path(".") });
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "NO_PERMISSION" } });
  // Looking leaves nothing behind.
  const open = path("open.xml");
  expect((await run([...args, open], { cwd: path(".") })).code).toBe(2);
  expect(existsSync(open)).toBe(false);
});

describe("what failed is told,", () => {
  test(
    "of a folder that is played on several threads, in order, and as JUnit: a case for each run",
    async () => {
      const report = path("report.xml");
      const args = ["scenario", "run", "set-ups", "--junit", report];
      const { code, stdout } = await run(args, { cwd: path(".") });
      expect(code).toBe(1);
      const [first = "", second = "", ...rest] = stdout.split("\n");
      expect(first).toMatch(
        /^ok {3}All is well {2}set-ups\/deeper\/right\.yaml {2}\d+ runs, \d+ ms$/,
      );
      expect(second).toMatch(
        /^FAIL Ann: <her> & his {2}set-ups\/it's <wrong> & so\.yaml {2}\d+ runs/,
      );
      expect(rest[0]).toBe(`     ${LABEL}`);
      expect(rest[1]).toBe(`       10:30  B shows title of package/pump as "Ann's", not "Pump"`);
      expect(rest).toContain("     seed: 77");
      const [, runs] = /^2 scenarios, (\d+) runs, 1 failed$/.exec(rest.at(-2) ?? "") ?? [];
      expect(Number(runs)).toBeGreaterThan(8);

      const xml = readFileSync(report, "utf8");
      expect(xml).toContain(`<testsuites name="scenarios" tests="${runs}" failures="1">`);
      expect(xml.match(/<testcase /g)).toHaveLength(Number(runs));
      expect(xml).toContain('name="All is well: permute 10:10 10:00"/>');
      expect(xml).toContain(`<testsuite name="Ann: &lt;her&gt; &amp; his" file="`);
      expect(xml).toMatch(/<failure message="B shows title/);
      expect(xml).toContain("\nseed: 77\nreplay: syncline scenario run ");
    },
    SLOW,
  );

  test(
    "as JSON, with a command that plays that run again where it is pasted, with its whole timeline",
    async () => {
      const args = ["scenario", "run", WRONG, "--json"];
      const { code, stdout } = await run(args, { cwd: FOLDER, program: PROGRAM });
      expect(code).toBe(1);
      const { scenarios, failed } = JSON.parse(stdout);
      expect(failed).toBe(1);
      const wrong = { run: LABEL, seed: 77, failures: [{ at: "10:30" }] };
      expect(scenarios).toMatchObject([{ file: WRONG, failed: [wrong] }]);
      const { replay } = scenarios[0].failed[0];
      expect(replay).toContain(
        `node ${entry} scenario run 'it'\\''s <wrong> & so.yaml' --only 'vary`,
      );

      const again = await shell(replay, FOLDER);
      expect(again.code).toBe(1);
      expect(again.stdout).toMatch(/^FAIL .* 1 run, .*\n {5}vary .*\n {7}10:30 /);
      expect(again.stdout).toMatch(/ does: create .*=== 10:30.*1 scenario, 1 run, 1 failed/s);
    },
    SLOW,
  );
});

describe("the command that plays a run again", () => {
  test.each([
    ["syncline", { script: "/opt/bin/syncline", env: { PATH: "/bin:/opt/bin" } }],
    ["npx syncline", { script: "/w/node_modules/.bin/syncline", env: { npm_command: "exec" } }],
    ["node_modules/.bin/syncline", { script: "/w/node_modules/.bin/syncline", env: {} }],
    ["./syncline", { script: "/w/syncline", env: {} }],
    ["node bin/syncline.js", { script: "/w/bin/syncline.js", env: { npm_command: "run-script" } }],
    ["node '/my tools/bin/syncline.js'", { script: "/my tools/bin/syncline.js", env: {} }],
    ["syncline", { script: undefined, env: {} }],
  ])("calls the program as it was called: %s", (words, started) => {
    expect(programWords({ cwd: "/w", ...started })).toBe(words);
  });

  test("any word comes back from a shell as it was", async () => {
    const words = [
      "a b",
      "it's",
      '"x"',
      "$HOME",
      "`id`",
      "\\",
      "~",
      "two\nlines",
      "\u0001'\\",
      "*",
    ];
    const { stdout } = await shell(`printf '%s\\0' ${words.map(shellWord).join(" ")}`, "/");
    expect(stdout.split("\0").slice(0, -1)).toEqual(words);
  });
});

describe("--only", () => {
  test(
    "plays one run of those files that have it",
    async () => {
      const only = 'vary timeline.0.do.0.value.title="Pump"';
      const { code, stdout } = await run(["scenario", "run", FOLDER, "--only", only]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^ok {3}Ann.* 1 run, \d+ ms\n1 scenario, 1 run, 0 failed\n$/);
    },
    SLOW,
  );

  test(
    "of no run is an error that says which there are",
    async () => {
      const args = ["scenario", "run", join(FOLDER, "deeper"), "--only", "nonsense"];
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain('no run is called "nonsense" [USAGE]');
      const labels = "base; permute 10:10 10:00; sweep 10:20 crash B commit 1";
      expect(stderr).toContain(`there are: ${labels}, 2, …\n`);
    },
    SLOW,
  );
});

test("a file that is no scenario is refused by its size or its bytes, with what to do", async () => {
  writeFileSync(path("big.yaml"), "");
  truncateSync(path("big.yaml"), 50 * 2 ** 20);
  writeFileSync(path("picture.yaml"), Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
  const big = await run(["scenario", "run", path("big.yaml")]);
  expect([big.code, big.stdout]).toEqual([1, ""]);
  expect(big.stderr).toMatch(/big\.yaml is over 1 MiB \[INPUT_TOO_LARGE\]\n {2}hint: /);
  const picture = await run(["scenario", "explain", path("picture.yaml")]);
  expect(picture.code).toBe(1);
  expect(picture.stderr).toContain(
    "picture.yaml is not text in UTF-8 [INVALID_SCENARIO]\n  hint: ",
  );
});

test(
  "Ctrl-C says what was not played, and leaves no files",
  async () => {
    const seeds = Array.from({ length: 900 }, (_, seed) => seed);
    const long = scenario("It goes on and on", `vary: { seed: [${seeds}] }\n`);
    writeFileSync(path("long.yaml"), long.replace("B: {}", "B: { store: sqlite }"));
    const { child, result } = start(["scenario", "run", path("long.yaml")]);
    const folder = await folderOf(child.pid as number);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await result;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "0 scenarios, 0 runs, 0 failed\n" });
    expect(stderr).toMatch(/interrupted: 1 scenario not played to the end\n {2}.*long\.yaml\n$/);
    expect(existsSync(folder)).toBe(false);
  },
  SLOW,
);

/** Where a runner keeps files, once it has one open. */
async function folderOf(runner: number): Promise<string> {
  for (;;) {
    for (const fd of readdirSync(`/proc/${runner}/fd`)) {
      const file = linkOf(`/proc/${runner}/fd/${fd}`);
      const [folder] = /^.*\/syncline-scenarios-\w+(?=\/)/.exec(file) ?? [];
      if (folder !== undefined) return folder;
    }
    await delay(10);
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
