// Proves that a scenario file is read as it is documented, and that what is wrong in one is said
// with its line and column.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isSynclineError } from "../../src/base/errors.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";

const path = "../../scenarios/two-way/two-sites-edit-between-syncs.yaml";
const founding = readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");

test("the example of the documentation is a scenario", () => {
  const read = readScenario(founding, "x.yaml");
  expect(Object.keys(read.instances)).toEqual(["A", "B"]);
  expect(read.timeline).toHaveLength(7);
  expect(read.sweep).toHaveLength(2);
});

/** The faults of a changed example, without what they have in common. */
function faultsOf(from: string | RegExp, to: string): readonly string[] {
  const changed = founding.replace(from, to);
  expect(changed).not.toBe(founding);
  try {
    readScenario(changed, "x.yaml");
  } catch (error) {
    if (!isSynclineError(error, "INVALID_SCENARIO")) throw error;
    return error.message.split("\n").map((line) => line.replace(/^x\.yaml:/, ""));
  }
  return [];
}

describe("what is wrong is said with its place:", () => {
  test.each([
    [
      "an unknown key at the top",
      "seed: 7",
      "seeds: 7",
      '6:1: unknown key "seeds"; did you mean "seed"?',
    ],
    [
      "an unknown key in a step",
      "sync: [A, B], e",
      "sync: [A, B], E",
      '17:34: unknown key "Expect"; did you mean "expect"?',
    ],
    [
      "an unknown action",
      "create: package/pump",
      "make: package/pump",
      /^16:18: unknown key "make"$/,
    ],
    [
      "an action without its value",
      "set: package/pump, value: { title: Pump st",
      "set: package/pump, v: { title: Pump st",
      '20:37: unknown key "v"',
    ],
    ["a key that is missing", "name: Two sites", "# name: Two sites", '3:1: "name" is missing'],
    [
      "a value of another kind",
      "seed: 7",
      "seed: seven",
      '6:1: "seed" has to be a number, not a text',
    ],
    ["a duration without a unit", "+7m", '"+7"', "10:8: a duration is"],
    [
      "an instance that is not there",
      "on: B, set",
      "on: D, set",
      '22:28: no instance is called "D"',
    ],
    ["a label that nobody gave", "recoverable: [a2]", "recoverable: [a9]", "30:7: no revision"],
    [
      "an object by a label that nobody gave",
      "set: package/pump, value: { title: Water",
      "set: package/@b9, value: { title: Water",
      '22:35: no revision before this is labeled "b9"',
    ],
    [
      "something absent that never was there",
      "recoverable: [a2]",
      "absent: { B: [package/pumps] }",
      "30:17: nobody makes package/pumps before this, so it is absent anyway",
    ],
    ["a label given twice", "as: a2 }", "as: p1 }", '21:72: the label "p1" is given twice'],
    ["a time that goes back", '"10:40"', '"10:10"', "22:7: 10:10 is before the step above"],
    ["a time before the clock", '"10:40"', '"09:40"', "22:7: 09:40 is before the clock starts"],
    ["a link to oneself", "to: B, direction", "to: A, direction", "12:5: a link from"],
    ["a sweep of no step", 'during: "11:00", crash', 'during: "12:00", crash', "35:14: no step"],
    ["broken YAML", "instances:", "instances: [", /^\d+:\d+: /],
    ["a key twice", "seed: 7", "seed: 7\nseed: 8", '7:1: the key "seed" stands twice'],
    [
      "a value that is none of several",
      "direction: both",
      "direction: on",
      '"direction" has to be pull, push or both',
    ],
    [
      "a list with nothing in it",
      /^timeline:.*/ms,
      "timeline: []",
      '13:1: "timeline" is too short',
    ],
    ["a time of day that there is not", '"10:40"', '"25:40"', "22:7: a time is HH:MM"],
    ["a day that there is not", "2026-01-15T", "2026-02-30T", "5:1: there is no such day"],
    ["a tab", "seed: 7", "\tseed: 7", "6:1: a tab: lines are indented with spaces"],
    ["a second document", "seed: 7", "seed: 7\n---", "7:1: a second document begins here"],
    ["a tag of nobody", "seed: 7", "seed: !!js/function 7", "6:7: Unresolved tag"],
    ["lists in lists in lists", "seed: 7", `seed: ${"[".repeat(9_000)}`, "nested too deeply"],
    ["an alias of nothing", "seed: 7", "seed: *x", "6:7: no &x stands before this"],
  ] as const)("%s", (_, from, to, fault) => {
    expect(faultsOf(from, to)[0]).toMatch(fault);
  });

  test("aliases that stand for gigabytes, at once", () => {
    const lines = Array.from({ length: 12 }, (_, at) => {
      const one = at === 0 ? "lol" : `*a${at - 1}`;
      return `a${at}: &a${at} [${Array.from({ length: 9 }, () => one).join(", ")}]`;
    });
    expect(faultsOf("seed: 7", lines.join("\n"))).toEqual([
      "7:10: the aliases, of which this is the first, stand for too much: write it out",
    ]);
  });

  test.each([
    ["", "x.yaml:1:1: the file is empty"],
    ["# a comment", "x.yaml:1:1: the file is empty"],
    ["- a\n- b", "x.yaml:1:1: a scenario has to be a map, not a list"],
  ])("a file that holds no scenario: %j", (text, sentence) => {
    expect(() => readScenario(text, "x.yaml")).toThrow(sentence);
  });

  test("at most ten, and how many more", () => {
    const many = Array.from({ length: 20 }, (_, number) => `key${number}: 1`).join("\n");
    const faults = faultsOf("seed: 7", many);
    expect(faults).toHaveLength(11);
    expect(faults.at(-1)).toBe("… and 10 more");
  });
});
