// Proves that one action of a scenario can change several objects in one changeset, all or none of them;
// and that checks of changesets, of diffs and of what an object was can fail, and say what is there.
import { describe, expect, test } from "vitest";
import { isSynclineError } from "../../src/base/errors.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";

function scenarioWith(...steps: readonly string[]): string {
  return `
scenario: 1
name: Two packages that are changed together
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: both } ]
timeline:
  - at: "10:00"
    do:
      - on: A
        changeset:
          - { create: package/pump, value: { title: Pump, tags: [water], resources: [ { name: map } ] }, as: p1 }
          - { create: group/works, as: w1 }
        as: First
  - { at: "10:05", sync: [A, B] }
  - at: "10:10"
    do:
      - on: A
        changeset:
          - { removeResource: package/pump, name: map, as: p2 }
          - { rename: group/works, to: waterworks }
        by: ida
        message: the map is old
        as: Second
  - { at: "10:20", do: [ { on: B, set: package/@p1, value: { notes: Of B }, as: b1 } ] }
${steps.map((step) => `  - { at: "11:00", ${step} }`).join("\n")}
`;
}

async function failuresOf(...steps: readonly string[]): Promise<readonly string[]> {
  const { failures } = await runScenario(readScenario(scenarioWith(...steps), "x.yaml"));
  return failures.map(({ message }) => message);
}

test("what holds makes no failure", async () => {
  const checks = [
    "value: { A: { package/pump: { resources: [] } } }, names: { A: { group/@w1: waterworks } }",
    "changesets: { A: { Second: all-or-none }, B: { Second: [] } }",
    "valueAt: { B: { p1: { title: Pump, tags: [water], notes: null } } }",
    "diff: { B: [ { from: p1, to: b1, changes: { /notes: { is: Of B } } }, { from: b1, changes: {} } ] }",
  ];
  const check = `check: { ${checks.join(", ")} }`;
  const since = "do: [ { on: B, importRevisions: A, since: First } ]";
  const here = "check: { log: { B: { package/@p1: [p1, p2, b1] } } }";
  expect(await failuresOf(check, since, here)).toEqual([]);
});

test("a changeset is one of the log, with its author, and is not made in part", async () => {
  const fails =
    "do: [ { on: A, changeset: [ { set: package/pump, value: { title: No } }, { delete: group/none } ], expect: { error: OBJECT_NOT_FOUND } } ]";
  const late =
    "do: [ { on: A, changeset: [ { set: package/pump, value: { title: No } }, { patch: group/waterworks, ops: [ { op: test, path: /name, value: x } ] } ], expect: { error: INVALID_PATCH } } ]";
  const check = "check: { value: { A: { package/pump: { title: Pump } } } }";
  expect(await failuresOf(fails, late, check)).toEqual([]);
  const { timeline } = await runScenario(readScenario(scenarioWith(check), "x.yaml"));
  expect(timeline.match(/ authors /g)).toHaveLength(3);
});

describe("each check can fail:", () => {
  test.each([
    ["valueAt: { A: { p1: { title: Pipe } } }", 'A shows title of p1 as "Pump", not "Pipe"'],
    ["valueAt: { A: { b1: { notes: Of B } } }", "A cannot show it: REVISION_NOT_FOUND"],
    [
      "diff: { B: [ { from: p1, to: b1, changes: {} } ] }",
      "on B, the diff of p1 and b1 says something else of /notes",
    ],
    [
      "diff: { B: [ { from: b1, changes: { /notes: { was: Of B }, /url: { is: x } } } ] }",
      "on B, the diff of b1 and what is shown says something else of /notes, /url",
    ],
    ["diff: { A: [ { from: p1, to: b1, changes: {} } ] }", "A cannot show it: REVISION_NOT_FOUND"],
    ["diff: { A: [ { from: p1, to: w1, changes: {} } ] }", "A cannot show it: REVISION_NOT_FOUND"],
    ["changesets: { A: { First: [p1] } }", /A has .*, p1, w1 of First, not p1$/],
    ["changesets: { B: { Second: [p2] } }", "B has nothing of Second, not p2"],
    ["changesets: { A: { Second: [] } }", /A has .* of Second, not nothing$/],
  ])("%s", async (check, message) => {
    const failures = await failuresOf(`check: { ${check} }`);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });

  test("a part of a changeset", async () => {
    // The link carries packages alone: only their part of the changeset comes.
    const check = "check: { changesets: { B: { Second: all-or-none } } }";
    const scenario = readScenario(scenarioWith("sync: [A, B]", check), "x.yaml");
    const links = scenario.links?.map((link) => ({ ...link, scope: { types: ["package"] } }));
    const { failures } = await runScenario({ ...scenario, links: links ?? [] });
    expect(failures.map(({ message }) => message)).toContain(
      "B has 1 of the 2 revisions of Second",
    );
  });
});

describe("what is wrong is said before anything is played:", () => {
  test.each([
    ["check: { changesets: { A: { p1: [] } } }", 'no changeset before this is labeled "p1"'],
    ["check: { changesets: { A: { First: [Second] } } }", '"Second" is a changeset; name'],
    ["check: { recoverable: [First] }", '"First" is a changeset; name'],
    ["check: { diff: { A: [ { from: x, changes: {} } ] } }", 'is labeled "x"'],
    ["check: { valueAt: { D: { p1: {} } } }", 'no instance is called "D"'],
    ["do: [ { on: A, delete: package/pump, as: Second } ]", '"Second" is given twice'],
    ["do: [ { on: A, changeset: [ { delete: package/pump, as: p1 } ] } ]", '"p1" is given twice'],
    ["do: [ { on: A, changeset: [ { delete: package/@x } ] } ]", 'is labeled "x"'],
    [
      "do: [ { on: A, changeset: [ { delete: package/pump }, { undelete: package/pump } ] } ]",
      "the changeset changes package/pump above; once is enough",
    ],
    ["do: [ { on: A, changeset: [ { delete: package/pump, by: x } ] } ]", 'unknown key "by"'],
    ["do: [ { on: A, changeset: [ { crash: true } ] } ]", 'unknown key "crash"'],
  ])("%s", (step, message) => {
    try {
      readScenario(scenarioWith(step), "x.yaml");
    } catch (error) {
      if (!isSynclineError(error, "INVALID_SCENARIO")) throw error;
      expect(error.message.split("\n")).toHaveLength(1);
      expect(error.message).toMatch(/^x\.yaml:25:\d+: /);
      expect(error.message).toContain(message);
      return;
    }
    expect.unreachable();
  });
});
