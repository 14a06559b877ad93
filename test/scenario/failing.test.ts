// Proves that a scenario fails where what it demands does not come about, and says what is there
// instead; that a run can be replayed; and that the reports tell it.
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runFamily } from "../../src/scenario/run/run-family.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";
import { ruleMisstated } from "../simulator/planted/planted.ts";

/** A pair that has disagreed about a title, with something more to check at 11:00. */
function scenarioWith(check: string, more = ""): string {
  return `
scenario: 1
name: A pair that has disagreed
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: both } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump, tags: [water] }, as: p1 }, { on: A, create: user/ida } ] }
  - { at: "10:05", sync: [A, B] }
  - { at: "10:10", do: [ { on: A, set: package/pump, value: { title: Of A }, as: a1 } ] }
  - { at: "10:20", do: [ { on: B, set: package/pump, value: { title: Of B }, as: b1 } ] }
  - { at: "10:30", sync: [A, B] }
  - { at: "10:40", do: [ { on: B, create: package/late, value: { title: Late }, as: l1 }, { on: B, purge: package/late } ] }
  - { at: "11:00", check: ${check} }
${more}`;
}

async function failuresOf(text: string): Promise<readonly string[]> {
  const { failures } = await runScenario(readScenario(text, "x.yaml"));
  return failures.map(({ at, message }) => `${at} ${message}`);
}

test("what holds makes no failure", async () => {
  const check =
    "{ value: { A: { package/pump: { title: Of B, tags: [water] } } }, recoverable: [a1, b1], count: { A: { tag: 1 } } }";
  expect(await failuresOf(scenarioWith(check))).toEqual([]);
});

describe("each check can fail, and tells what is there:", () => {
  test.each([
    ["{ converged: [[A, B]] }", "B holds another state than A"],
    ["{ value: { A: { package/pump: { title: Of A } } } }", 'as "Of B", not "Of A"'],
    ["{ value: { A: { package/pump: { tags: [] } } } }", 'as ["water"], not []'],
    ["{ value: { A: { package/none: { title: X } } } }", "A has no package/none"],
    ["{ absent: { A: [package/pump] } }", "package/pump is live on A, not absent"],
    ["{ deleted: { A: [package/pump] } }", "package/pump is live on A, not deleted"],
    ["{ purged: { A: [package/late] } }", "package/late is absent on A, not purged"],
    ["{ names: { A: { package/pump: pumpe } } }", 'as "pump", not "pumpe"'],
    ["{ names: { A: { package/none: x } } }", "A cannot show it: OBJECT_NOT_FOUND"],
    ['{ names: { A: { package/@p1: "pump--*" } } }', 'as "pump", not "pump--*"'],
    [
      "{ roles: { B: { package/@p1: { user/ida: reader } } } }",
      "user/ida is editor of package/@p1 on B (default), not reader",
    ],
    ["{ conflicts: { A: [] } }", "a conflict that is not listed: value at /title"],
    [
      "{ conflicts: { A: [ { object: package/pump, path: /notes } ] } }",
      "no such conflict at /notes",
    ],
    [
      "{ conflicts: { A: [ { object: package/pump, path: /title, chosen: a1 } ] } }",
      "its chosen is b1, not a1",
    ],
    [
      "{ conflicts: { A: [ { object: package/pump, path: /title, status: resolved } ] } }",
      'its status is "open"',
    ],
    [
      "{ conflicts: { A: [ { object: package/pump, path: /title, candidates: [p1, b1] } ] } }",
      "its candidates is",
    ],
    [
      "{ conflicts: { A: [ { object: package/pump, path: /title, kind: text } ] } }",
      'its kind is "value", not "text"',
    ],
    [
      "{ conflicts: { A: [ { object: package/pump, path: /title, rule: priority } ] } }",
      'its rule is "newest", not "priority"',
    ],
    [
      "{ conflicts: { A: [ { object: package/pump, path: /title, value: Of A } ] } }",
      'its value is "Of B", not "Of A"',
    ],
    ["{ recoverable: [l1] }", "nobody has the revision l1"],
    ['{ search: { A: { "of": [] } } }', "A finds package/pump"],
    ["{ log: { A: { package/pump: 7 } } }", "A has 3 revisions of package/pump, not 7"],
    ["{ log: { A: { package/pump: [l1] } } }", "A has no revision l1"],
    ["{ count: { B: { package: 2 } } }", "B has 1 × package, not 2"],
    ["{ wire: { bytesMax: 10 } }", "bytes, over 10"],
    ["{ wire: { framesMax: 1 } }", "frames, over 1"],
    ["{ wire: { batchesMax: 1 } }", "batches, over 1"],
  ])("%s", async (check, message) => {
    const failures = await failuresOf(scenarioWith(check));
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain(message);
    expect(failures[0]).toMatch(/^11:00 /);
  });
});

describe("each step can fail, and ends the run:", () => {
  test.each([
    [
      "do: [ { on: A, set: package/none, value: { title: X } } ]",
      "A cannot set package/none: OBJECT_NOT_FOUND",
    ],
    ["do: [ { on: A, delete: package/pump, expect: { error: NOPE } } ]", "had to fail with NOPE"],
    ["do: [ { on: A, set: package/pump, value: { title: Of B }, as: x } ]", "nothing changed"],
    ["do: [ { on: A, resolve: package/pump, path: /notes, pick: a1 } ]", "no conflict at /notes"],
    ["do: [ { on: A, removeResource: package/pump, name: x } ]", 'no resource is called "x"'],
    ["sync: [A, B], expect: { outcome: cut-short }", "ended ok, not interrupted"],
    ["sync: [A, B], expect: { applied: { A: 9 } }", "objects applied on A: 1, not 9"],
    ["sync: [A, B], expect: { conflicts: { A: 9 } }", "new conflicts on A: 0, not 9"],
    ["sync: [A, B], expect: { quiet: true }", "batches carried: "],
    [
      "sync: [A, B], during: [ { after: { frames: 900 }, fault: { cut: [A, B] } } ]",
      "after 900 frames never came",
    ],
    [
      "sync: [A, B], during: [ { after: { frames: 1 }, fault: { cut: [A, B], for: 1h } } ]",
      "CONNECT_FAILED",
    ],
  ])("%s", async (step, message) => {
    const more = `  - { at: "11:30", ${step} }`;
    const failures = await failuresOf(scenarioWith("{ converged: [] }", more));
    expect(failures[0]).toContain(message);
    expect(failures[0]).toMatch(/^11:30 /);
  });
});

test("what differs is shown as a diff, in the timeline too", async () => {
  const check =
    "{ converged: [[A, B]], value: { A: { package/pump: { notes: x } } }, conflicts: { A: [ { object: package/pump, path: /title, chosen: a1 } ] } }";
  const { failures, timeline } = await runScenario(readScenario(scenarioWith(check), "x.yaml"));
  const diffs = failures.map(({ diff = [] }) => diff.map((line) => line.replace(/ +/g, " ")));
  expect(diffs).toEqual([
    // A purge that is still to come shows in no object.
    [],
    ["- {", '- "notes": "x"', "- }", "+ {}"],
    [" {", '- "chosen": a1', '+ "chosen": b1', " }"],
  ]);
  expect(timeline).toMatch(
    /FAILED A has no such conflict.*\n.*\| - as it should be, \+ as it is\n.*\| {3}\{\n.*\| - {3}"chosen": a1\n/,
  );
});

test("a run is the same each time, and another with another seed", async () => {
  const scenario = readScenario(scenarioWith("{ converged: [] }"), "x.yaml");
  const first = await runScenario(scenario);
  expect((await runScenario(scenario)).traceHash).toBe(first.traceHash);
  expect((await runScenario({ ...scenario, seed: 99 })).traceHash).not.toBe(first.traceHash);
});

test("what is wrong everywhere alike breaks an invariant", async () => {
  const scenario = readScenario(scenarioWith("{}", "finally: { invariants: all }"), "x.yaml");
  expect((await runScenario(scenario)).failures).toEqual([]);
  const { failures } = await runScenario(scenario, { planted: ruleMisstated });
  expect(failures.map(({ message }) => message.split(":")[0])).toContain("as-the-oracle");
});

test("a run of a family that fails is named, and alone it fails as well", async () => {
  const more = `
permute: [ "10:10", "10:20" ]
vary: { instances.B.skew: [0s, -1h] }
finally: { sync: all, value: { A: { package/pump: { title: Of B } } } }`;
  const scenario = readScenario(scenarioWith("{ converged: [] }", more), "x.yaml");
  const { labels, failed, base } = await runFamily(scenario);
  expect(base.failures).toEqual([]);
  expect(labels).toHaveLength(4);
  expect(failed.map(({ label }) => label)).toEqual(['vary instances.B.skew="-1h"']);
  const alone = await runFamily(scenario, { only: 'vary instances.B.skew="-1h"' });
  expect(alone).toMatchObject({ labels: ['vary instances.B.skew="-1h"'], failed });
});

describe("strict", () => {
  const listed = "{ object: package/pump, path: /title }";
  const unlisted = (who: string): string =>
    `11:00 ${who} has a conflict that is not listed: value at /title of a package (open)`;

  test.each([
    ["{ strict: true }", [unlisted("A"), unlisted("B")]],
    ["{ conflicts: { A: [] }, strict: true }", [unlisted("A"), unlisted("B")]],
    [`{ conflicts: { A: [ ${listed} ] }, strict: true }`, []],
    [`{ conflicts: { A: [ ${listed} ], B: [] }, strict: true }`, [unlisted("B")]],
    [`{ conflicts: { A: [ ${listed} ] } }`, []],
  ])("%s", async (check, failures) => {
    expect(await failuresOf(scenarioWith(check))).toEqual(failures);
  });

  test("where one lists only some of what is there, all others are failures", async () => {
    const more = (check: string): string => `
  - { at: "11:10", do: [ { on: A, set: package/pump, value: { url: "https://a.example" } } ] }
  - { at: "11:11", do: [ { on: B, set: package/pump, value: { url: "https://b.example" } } ] }
  - { at: "11:20", sync: [A, B] }
  - { at: "11:30", check: { conflicts: { A: [ ${listed} ] }${check} } }`;
    const of = (check: string): Promise<readonly string[]> =>
      failuresOf(scenarioWith("{ converged: [] }", more(check)));
    expect(await of("")).toEqual([]);
    const other = "has a conflict that is not listed: value at /url of a package (open)";
    expect(await of(", strict: true")).toEqual([`11:30 A ${other}`, `11:30 B ${other}`]);
  });
});
