// Proves that what could not fail is refused with its line and column: runs of a family that change
// nothing, sweeps of what never happens, checks that hold whatever comes.
import { describe, expect, test } from "vitest";
import { isSynclineError } from "../../src/base/errors.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";

/** Three instances in a row, with something more in the last line. */
function scenarioWith(more: string): string {
  return `
scenario: 1
name: Three in a row
policy: { default: newest }
instances: { A: {}, B: {}, C: {} }
links: [ { from: A, to: B, direction: both }, { from: B, to: C, direction: both } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump }, as: a1 } ] }
  - { at: "10:10", sync: [A, B] }
  - { at: "10:20", do: [ { on: A, set: package/pump, value: { title: Of A } } ] }
  - { at: "10:30", do: [ { on: B, set: package/pump, value: { title: Of B } } ] }
  - { at: "10:40", sync: all }
${more}
`;
}

/** What is wrong in the last line, each with its column. */
function faultsOf(more: string): readonly string[] {
  try {
    readScenario(scenarioWith(more), "x.yaml");
  } catch (error) {
    if (!isSynclineError(error, "INVALID_SCENARIO")) throw error;
    return error.message.split("\n").map((line) => line.replace(/^x\.yaml:13:/, ""));
  }
  return [];
}

describe("what means something is taken:", () => {
  test.each([
    'sweep: [ { during: "10:10", crash: B, at: every-commit }, { during: "10:40", cut: [C, B], at: every-frame } ]',
    'permute: [ "10:20", "10:30" ]',
    'vary: { policy.default: [newest, "priority:A,B"], instances.B.skew: [1s], clock: ["2026-01-15T09:00:00Z"] }',
    "vary: { policy.names.tag: [alias], links.1.direction: [pull], timeline.0.do.0.value.title: [X] }",
    'vary: { finally: [ { heal: true } ], seed: [1, 2], "instances.A": [ { store: sqlite } ] }',
  ])("%s", (more) => {
    expect(faultsOf(more)).toEqual([]);
  });
});

describe("a sweep that never finds its moment:", () => {
  test.each([
    ['during: "10:20", crash: A, at: every-commit', "12: the step at 10:20 is no sync"],
    ['during: "10:10", crash: C, at: every-commit', "29: C takes no part in the sync at 10:10"],
    ['during: "10:40", cut: [A, C], at: every-frame', "29: no link between A and C"],
    ['during: "10:10", cut: [B, C], at: every-frame', "29: C takes no part in the sync at 10:10"],
    ['during: "10:40", cut: [A, A], at: every-frame', "29: no link between A and A"],
  ])("%s", (sweep, fault) => {
    expect(faultsOf(`sweep: [ { ${sweep} } ]`)).toEqual([expect.stringContaining(fault)]);
  });
});

describe("steps that nothing else can be done with:", () => {
  test.each([
    ['"10:00", "10:20"', "1: these steps have no other order"],
    ['"10:00", "10:40"', "1: these steps have no other order"],
    ['"10:20", "10:30", "10:20"', "29: 10:20 is named twice"],
  ])("%s", (permute, fault) => {
    expect(faultsOf(`permute: [${permute}]`)).toEqual([expect.stringContaining(fault)]);
  });
});

describe("a setting that is none, or takes no such value:", () => {
  test.each([
    [
      "polcy.default: [newest, oldest]",
      '9: no setting is called "polcy.default": unknown key "polcy"',
    ],
    ["clockk: [1]", '9: no setting is called "clockk": unknown key "clockk"'],
    [
      "instances.Z.skew: [1s, 2s]",
      '9: no setting is called "instances.Z.skew": no instance is called "Z"',
    ],
    ["instances.B.skwe: [1s]", 'unknown key "skwe"'],
    ["timeline.7.do: [1]", '9: no setting is called "timeline.7.do": there is no timeline.7'],
    ["links.x.mode: [live]", "there is no links.x"],
    ["name: [Other]", '9: "name" is the same in all runs'],
    ["sweep.0.at: [every-frame]", '9: "sweep" is the same in all runs'],
    ["instances.B.skew: [1s, 2]", "32: instances.B.skew cannot be 2: "],
    [
      "policy.default: [oldest]",
      'policy.default cannot be "oldest": not a policy: expected "newest"',
    ],
    ["policy.defalut: [newest]", "policy.defalut cannot be"],
    ['policy.default: ["priority:A,Z"]', 'no instance is called "Z"'],
    ['clock: ["2026-01-15T11:00:00Z"]', "is before the clock starts"],
    ["links.0.from: [A, B]", '27: links.0.from cannot be "B": a link from an instance to itself'],
    [
      "links.0: [{ from: A, to: C, direction: both }], links.1: [{ from: A, to: C, direction: both }]",
      "",
    ],
  ])("%s", (vary, fault) => {
    const faults = faultsOf(`vary: { ${vary} }`);
    if (fault === "") expect(faults).toEqual([]);
    else expect(faults).toEqual([expect.stringContaining(fault)]);
  });

  test("more combinations than anybody waits for", () => {
    const many = (count: number): string => `[${Array.from({ length: count }, (_, n) => n)}]`;
    const vary = `seed: ${many(40)}, timeline.0.do.0.value.title: ${many(40)}`;
    expect(faultsOf(`vary: { ${vary} }`)).toEqual(["1: 1600 combinations, over 1000"]);
  });
});

describe("a check that holds whatever comes, or an action that says two things:", () => {
  test.each([
    ["check: { converged: [[A, A]] }", "45: A stands twice in one group"],
    [
      "check: { value: { A: { package/pump: { titel: null } } } }",
      '59: no package has a field "titel"',
    ],
    [
      "do: [ { on: A, resolve: package/pump, path: /title, pick: a1, keep: true } ]",
      "26: one of pick, value, keep and absent",
    ],
    [
      "do: [ { on: A, resolve: package/pump, path: /title } ]",
      "26: one of pick, value, keep and absent",
    ],
    ["do: [ { on: A, policy: { default: oldest } } ]", '45: not a policy: expected "newest"'],
    [
      "sync: [A, B], during: [ { after: { frames: 1 }, fault: { cut: [A, C] } } ]",
      "no link between A and C",
    ],
  ])("%s", (step, fault) => {
    expect(faultsOf(`  - { at: "10:50", ${step} }`)).toEqual([expect.stringContaining(fault)]);
  });

  test.each([
    "check: { value: { A: { package/pump: { url: null, notes: null } } } }",
    "do: [ { on: A, set: package/pump, value: { lines: 3 } } ] }\n  - { at: '11:00', check: { value: { B: { package/pump: { lines: null } } } }",
    "do: [ { on: A, policy: { default: oldest }, expect: { error: INVALID_POLICY } } ]",
  ])("not this: %s", (step) => {
    expect(faultsOf(`  - { at: "10:50", ${step} }`)).toEqual([]);
  });
});
