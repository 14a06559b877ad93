// Proves what the words of versions in scenario files do: an instance of a later version writes what
// others park, an update lets it in, and checks that look at it can fail.
import { describe, expect, test } from "vitest";
import { explainText } from "../../src/scenario/explain/explain.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";

/** A of a later version has edited a package that B knows; then `steps` follow. */
function scenarioWith(version: string, value: string, steps: string): string {
  return `scenario: 1
name: An instance of another version
instances: { A: { ${version} }, B: { store: sqlite } }
links: [ { from: A, to: B, direction: both } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: Pump, notes: "One." } } ] }
  - { at: "10:10", do: [ { on: A, set: package/pump, value: ${value} } ] }
  - { at: "10:20", sync: [A, B] }
${steps}
`;
}

async function failuresOf(text: string): Promise<readonly string[]> {
  const { failures } = await runScenario(readScenario(text, "x.yaml"));
  return failures.map(({ at, message }) => `${at} ${message}`);
}

const edit = "do: [ { on: B, set: package/pump, value: { title: New } } ]";

describe("schema:", () => {
  test("what a later one wrote is parked until the update", async () => {
    const steps = `
  - { at: "10:30", ${edit} }`;
    const [failure] = await failuresOf(scenarioWith("schema: 2", "{ rank: 2 }", steps));
    expect(failure).toContain("10:30 B cannot set package/pump: OBJECT_PARKED");
    const updated = `
  - { at: "10:25", do: [ { on: B, update: { schema: 2 } } ] }${steps}
  - { at: "10:40", check: { value: { B: { package/pump: { rank: 2, title: New } } } } }
finally: { heal: true, sync: all, converged: [[A, B]], invariants: all }`;
    expect(await failuresOf(scenarioWith("schema: 2", "{ rank: 2 }", updated))).toEqual([]);
  });

  test("without the word nothing is parked, and the later field is unknown", async () => {
    const steps = `
  - { at: "10:30", ${edit} }
  - { at: "10:40", check: { value: { A: { package/pump: { title: New } } } } }`;
    const failures = await failuresOf(scenarioWith("schema: 1", "{ url: x }", steps));
    expect(failures).toEqual(['10:40 A shows title of package/pump as "Pump", not "New"']);
  });

  test("set back, an instance parks what it wrote itself", async () => {
    const steps = `
  - { at: "10:30", do: [ { on: A, update: { schema: 1 } } ] }
  - { at: "10:40", do: [ { on: A, set: package/pump, value: { title: New } } ] }`;
    const [failure] = await failuresOf(scenarioWith("schema: 2", "{ rank: 2 }", steps));
    expect(failure).toContain("10:40 A cannot set package/pump: OBJECT_PARKED");
  });
});

test("algorithm: what a later one merged is parked until the update", async () => {
  const value = '{ notes: "Two." }';
  const parked = `
  - { at: "10:30", ${edit} }`;
  const [failure] = await failuresOf(scenarioWith("algorithm: 2", value, parked));
  expect(failure).toContain("OBJECT_PARKED");
  const updated = `
  - { at: "10:25", do: [ { on: B, update: { algorithm: 2 } } ] }${parked}
finally: { heal: true, sync: all, converged: [[A, B]], invariants: all }`;
  expect(await failuresOf(scenarioWith("algorithm: 2", value, updated))).toEqual([]);
});

test("the words are told", () => {
  const steps = `
  - { at: "10:25", do: [ { on: B, update: { schema: 2 } } ] }`;
  const text = explainText(readScenario(scenarioWith("schema: 2", "{}", steps), "x.yaml"));
  expect(text).toContain("instances  A (schema 2), B (store sqlite)");
  expect(text).toContain("10:25      B is updated: schema 2, algorithm 1");
});
