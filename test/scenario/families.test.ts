// Proves that the runs of a family fail where they have to: a sync that does not get through in one of
// them, and a sweep whose moment never comes.
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { type FamilyReport, runFamily } from "../../src/scenario/run/run-family.ts";

/** A pair with one package that is to be carried, by a sync with more to it, and what comes after. */
function scenarioWith(sync: string, more: string): string {
  return `
scenario: 1
name: A pair
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: both } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump } } ] }
  - { at: "10:10", sync: [A, B]${sync} }
${more}`;
}

function familyOf(text: string): Promise<FamilyReport> {
  return runFamily(readScenario(text, "x.yaml"));
}

function failuresOf({ failed }: FamilyReport): readonly string[] {
  return failed.flatMap(({ label, failures }) => {
    return failures.map(({ at, message }) => `${label} | ${at} ${message}`);
  });
}

const cutAfter = (frames: number, more = ""): string =>
  `during: [ { after: { frames: ${frames} }, fault: { cut: [A, B]${more} } } ]`;
const SWEEPS =
  "sweep: [ { during: '10:10', crash: B, at: every-commit }, { during: '10:10', cut: [A, B], at: every-frame } ]\n";
const ENDING = "finally: { heal: true, sync: all, converged: [[A, B]] }\n";

describe("a sync that has to get through, and does not, is a failure", () => {
  test("in a run that varies something, although the end heals all", async () => {
    const vary = "vary: { timeline.1.during.0.fault.for: [1s, 2h] }\n";
    const report = await familyOf(scenarioWith(`, ${cutAfter(2, ", for: 1s")}`, vary + ENDING));
    expect(report.base.failures).toEqual([]);
    expect(failuresOf(report)).toEqual([
      expect.stringMatching(
        /^vary .*="2h" \| 10:10 the sync of A and B ended failed \(CONNECT_FAILED.*, not ok$/,
      ),
    ]);
  });

  test("in a sweep: who crashes there comes back too late", async () => {
    const late = "during: [ { after: { time: 500ms }, fault: { cut: [A, B], for: 2h } } ]";
    const sync = `, ${late}, expect: { applied: { B: 1 } }`;
    const sweep = "sweep: [ { during: '10:10', crash: B, at: every-commit } ]\n";
    const report = await familyOf(scenarioWith(sync, sweep + ENDING));
    // Where B crashes after its last commit, all has got through before; and what else a step
    // expects holds in the run of the file alone.
    expect(failuresOf(report)).toEqual([
      expect.stringContaining(
        "sweep 10:10 crash B commit 1 | 10:10 the sync of A and B ended failed",
      ),
    ]);
  });
});

describe("a sweep tries each moment of its step", () => {
  test("also where the step has a fault of its own that then never comes", async () => {
    const sync = `, ${cutAfter(3)}, expect: { outcome: interrupted }`;
    const plain = await familyOf(scenarioWith("", SWEEPS + ENDING));
    const report = await familyOf(scenarioWith(sync, SWEEPS + ENDING));
    expect(failuresOf(report)).toEqual([]);
    expect(report.labels.length).toBeGreaterThanOrEqual(plain.labels.length);
  });

  test("and fails where there is none", async () => {
    const again = '  - { at: "10:20", sync: [A, B] }\n';
    const sweep = "sweep: [ { during: '10:20', crash: B, at: every-commit } ]\n";
    const scenario = readScenario(scenarioWith("", again + sweep + ENDING), "x.yaml");
    const report = await runFamily(scenario);
    expect(failuresOf(report)).toEqual([
      "sweep 10:20 crash B commit 1 | 10:20 this moment never came: the sweep tries nothing",
    ]);
    expect(await runFamily(scenario, { only: "sweep 10:20 crash B commit 1" })).toMatchObject({
      labels: ["sweep 10:20 crash B commit 1"],
      failed: report.failed,
    });
  });
});

describe("an outcome that a step expects:", () => {
  const outcomeOf = async (sync: string): Promise<readonly string[]> =>
    failuresOf(await familyOf(scenarioWith(sync, "")));

  test.each([
    [
      "interrupted permits that a sync gets through after all",
      `${cutAfter(2)}, expect: { outcome: interrupted }`,
    ],
    ["and that none did", `${cutAfter(2, ", for: 1h")}, expect: { outcome: interrupted }`],
    ["cut-short is content with one attempt", `${cutAfter(2)}, expect: { outcome: cut-short }`],
  ])("%s", async (_, sync) => {
    expect(await outcomeOf(`, ${sync}`)).toEqual([]);
  });

  test("interrupted tries again, and cut-short does not", async () => {
    const check = '  - { at: "10:11", check: { count: { B: { package: 1 } } } }\n';
    const run = (outcome: string): Promise<FamilyReport> =>
      familyOf(scenarioWith(`, ${cutAfter(2)}, expect: { outcome: ${outcome} }`, check));
    expect(failuresOf(await run("interrupted"))).toEqual([]);
    expect(failuresOf(await run("cut-short"))).toEqual(["base | 10:11 B has 0 × package, not 1"]);
  });

  test("cut-short demands that the attempt is interrupted", async () => {
    expect(await outcomeOf(", expect: { outcome: cut-short }")).toEqual([
      "base | 10:10 the sync of A and B ended ok, not interrupted",
    ]);
  });
});

describe("a check of the timeline", () => {
  test("counts in the run of the file alone; marked `always`, in every run", async () => {
    const wrong = (always: string): string => `
  - { at: "10:20", ${always}check: { value: { B: { package/pump: { title: Pump } } } } }
vary: { timeline.0.do.0.value.title: [Pipe] }
sweep: [ { during: "10:10", crash: B, at: every-commit } ]
`;
    expect(failuresOf(await familyOf(scenarioWith("", wrong(""))))).toEqual([]);
    expect(failuresOf(await familyOf(scenarioWith("", wrong("always: true, "))))).toEqual([
      `vary timeline.0.do.0.value.title="Pipe" | 10:20 B shows title of package/pump as "Pipe", not "Pump"`,
    ]);
  });

  test("marked `always` looks at each run of a sweep", async () => {
    const check = '  - { at: "10:20", always: true, check: { wire: { framesMax: 20 } } }\n';
    const report = await familyOf(scenarioWith("", check + SWEEPS));
    const failed = failuresOf(report);
    expect(report.base.failures).toEqual([]);
    expect(failed.length).toBeGreaterThan(0);
    for (const one of failed) expect(one).toMatch(/^sweep .* \| 10:20 the sync before carried/);
  });
});

describe("at the end", () => {
  const crashed = '  - { at: "10:20", do: [ { on: B, crash: true } ] }\n';
  const upAgain = async (ending: string): Promise<boolean> => {
    const { base } = await familyOf(scenarioWith("", `${crashed}finally: ${ending}\n`));
    expect(base.failures).toEqual([]);
    return /=== 10:20.* B +starts/s.test(base.timeline);
  };

  test("heal alone ends all faults and starts everybody; without it nobody does", async () => {
    expect(await upAgain("{ heal: true }")).toBe(true);
    expect(await upAgain("{ count: { B: { package: 1 } } }")).toBe(false);
  });
});
