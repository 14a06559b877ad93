// Proves what the words of links in scenario files do: each is read, told, works, and a check that
// looks at it can fail; what is wrong with one is said with its place.
import { describe, expect, test } from "vitest";
import { isSynclineError } from "../../src/base/errors.ts";
import { explainText } from "../../src/scenario/explain/explain.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";

/** A catalog of two organizations on A, and a link to B. */
function scenarioWith(link: string, more: string): string {
  return `scenario: 1
name: A link with more words
instances: { A: {}, B: {} }
links: [ { from: A, to: B, ${link} } ]
timeline:
  - at: "10:00"
    do:
      - { on: A, create: organization/harbor, value: { title: Harbor } }
      - { on: A, create: organization/rail, value: { title: Rail } }
      - { on: A, create: package/quay, value: { title: Quay, owner_org: harbor } }
      - { on: A, create: package/lane, value: { title: Lane, owner_org: rail } }
${more}
`;
}

async function failuresOf(text: string): Promise<readonly string[]> {
  const { failures } = await runScenario(readScenario(text, "x.yaml"));
  return failures.map(({ at, message }) => `${at} ${message}`);
}

const ALL = "finally: { heal: true, sync: all, converged: [[A, B]], invariants: all }";

describe("scope:", () => {
  const link = "direction: pull, scope: { organizations: [harbor] }";

  test("what is outside does not come, and what leaves stays", async () => {
    const more = `
  - { at: "10:10", sync: [A, B] }
  - { at: "10:20", check: { absent: { B: [package/lane] }, count: { B: { package: 1 } } } }
  - { at: "10:30", do: [ { on: A, set: package/quay, value: { owner_org: rail, title: Gone } } ] }
  - { at: "10:40", sync: [A, B] }
  - { at: "10:50", check: { left: { B: [package/quay] }, value: { B: { package/quay: { title: Quay } } } } }
${ALL}`;
    expect(await failuresOf(scenarioWith(link, more))).toEqual([]);
  });

  test.each([
    ["{ absent: { B: [package/quay] } }", "package/quay is live on B, not absent"],
    ["{ left: { B: [package/quay] } }", "did not leave the scope"],
    ["{ left: { B: [package/lane] } }", "package/lane is absent on B, and did not leave"],
    ["{ converged: [[A, B]] }", "B does not hold package/quay as A does"],
  ])("a check can fail: %s", async (check, message) => {
    const more = `
  - { at: "10:10", sync: [A, B] }
  - { at: "10:20", do: [ { on: A, set: package/quay, value: { title: New } } ] }
  - { at: "10:30", check: ${check} }`;
    const failures = await failuresOf(scenarioWith(link, more));
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain(message);
  });
});

describe("onLeave:", () => {
  const more = (check: string): string => `
  - { at: "10:10", sync: [A, B] }
  - { at: "10:20", do: [ { on: A, set: package/quay, value: { owner_org: rail } } ] }
  - { at: "10:30", sync: [A, B] }
  - { at: "10:40", check: { ${check}: { B: [package/quay] } } }
  - { at: "10:50", do: [ { on: A, set: package/quay, value: { owner_org: harbor, title: Back } } ] }
  - { at: "11:00", sync: [A, B] }
  - { at: "11:10", check: { log: { B: { package/quay: 3 } } } }
${ALL}`;
  const link = "direction: pull, scope: { organizations: [harbor] }";

  test("what leaves is dropped where the link says so, and comes again", async () => {
    const drops = `${link}, onLeave: drop`;
    expect(await failuresOf(scenarioWith(drops, more("absent")))).toEqual([]);
    const [failure] = await failuresOf(scenarioWith(drops, more("left")));
    expect(failure).toContain("package/quay is absent on B, and did not leave");
  });

  test("it stays where the link keeps it", async () => {
    expect(await failuresOf(scenarioWith(`${link}, onLeave: keep`, more("left")))).toEqual([]);
    const [failure] = await failuresOf(scenarioWith(link, more("absent")));
    expect(failure).toContain("package/quay is live on B, not absent");
  });
});

describe("refusePurges:", () => {
  const more = (state: string): string => `
  - { at: "10:10", sync: [A, B] }
  - { at: "10:20", do: [ { on: A, purge: package/quay } ] }
  - { at: "10:30", sync: [A, B], expect: { refused: { B: 1 } } }
  - { at: "10:40", check: { ${state}: { B: [package/quay] } } }
finally: { heal: true, sync: all, invariants: all }`;

  test("the purge stays out, and the package is there", async () => {
    const link = "direction: pull, refusePurges: true";
    const [failure, ...others] = await failuresOf(scenarioWith(link, more("purged")));
    expect(others).toEqual([]);
    expect(failure).toBe("10:40 package/quay is live on B, not purged");
  });

  test("without the word it is carried out", async () => {
    const [failure, ...others] = await failuresOf(scenarioWith("direction: pull", more("purged")));
    expect(others).toEqual([]);
    expect(failure).toBe("10:30 new refused on B: 0, not 1");
  });
});

test("the words are told", () => {
  const link =
    "direction: both, scope: { tags: [water, road], private: true }, onLeave: drop, maxRemovals: 3%, refusePurges: true";
  expect(explainText(readScenario(scenarioWith(link, ""), "x.yaml"))).toContain(
    "A ↔ B (both), carries tags water or road, private too, drops what leaves, removes at most 3% of the live objects at once, or 20, refuses purges",
  );
});

test.each([
  ["a scope with another key", "direction: pull, scope: { tag: [x] }", "4:54: not a scope"],
  ["a type that nobody has", "direction: pull, scope: { types: [pakage] }", 'no type "pakage"'],
  ["a limit that is none", "direction: pull, maxRemovals: few", "a share such as 5%"],
  ["a push that maps", "direction: push, map: { a: b }", "only a link that pulls can map"],
  ["a push that refuses", "direction: push, refusePurges: true", "receives no purges to refuse"],
])("what is wrong is said with its place: %s", (_what, link, message) => {
  try {
    readScenario(scenarioWith(link, ""), "x.yaml");
    expect.unreachable();
  } catch (error) {
    if (!isSynclineError(error, "INVALID_SCENARIO")) throw error;
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^x\.yaml:4:/);
  }
});

describe("mode:", () => {
  const edit = `
  - { at: "10:10", do: [ { on: A, set: package/quay, value: { title: New } } ] }
  - { at: "10:10:10", check: { value: { B: { package/quay: { title: New } } } } }
${ALL}`;

  test("over a live link an edit comes by itself, and a sync step waits for it", async () => {
    expect(await failuresOf(scenarioWith("direction: both, mode: live", edit))).toEqual([]);
    const waiting = `
  - { at: "10:00", sync: [A, B], expect: { applied: { B: 4 } } }`;
    expect(await failuresOf(scenarioWith("direction: pull, mode: live", waiting))).toEqual([]);
  });

  test("over others it does not", async () => {
    expect(await failuresOf(scenarioWith("direction: both", edit))).toEqual([
      "10:10:10 B has no package/quay",
    ]);
    expect(await failuresOf(scenarioWith('direction: both, mode: "every:1h"', edit))).toEqual([
      '10:10:10 B shows title of package/quay as "Quay", not "New"',
    ]);
  });

  test("a sync step over a live link that cannot get through fails", async () => {
    const cut = `
  - at: "10:05"
    sync: [A, B]
    during:
      - { after: { time: 1ms }, fault: { cut: [A, B], for: 2h } }
      - { after: { time: 2ms }, do: [ { on: A, set: package/quay, value: { title: New } } ] }`;
    const failures = await failuresOf(scenarioWith("direction: pull, mode: live", cut));
    expect(failures[0]).toContain("the sync of A and B ended failed (CONNECT_FAILED");
  });
});

describe("map and unmapped:", () => {
  const steps = (value: string): string => `
  - { at: "10:05", do: [ { on: B, create: organization/port, value: { title: Port } } ] }
  - { at: "10:10", sync: [A, B] }
  - { at: "10:20", check: { value: { B: ${value} } } }
${ALL.replace("converged: [[A, B]], ", "")}`;
  const ownersOf = (quay: string, lane: string): string =>
    `{ package/quay: { owner_org: ${quay} }, package/lane: { owner_org: ${lane} } }`;

  test("packages get the organization here, and others are what the link says", async () => {
    const link = "direction: pull, map: { harbor: port }";
    expect(await failuresOf(scenarioWith(link, steps(ownersOf("port", "rail"))))).toEqual([]);
    const all = `${link}, unmapped: "default:port"`;
    expect(await failuresOf(scenarioWith(all, steps(ownersOf("port", "port"))))).toEqual([]);
    const only = `${link}, unmapped: refuse`;
    const [failure] = await failuresOf(scenarioWith(only, steps(ownersOf("port", "rail"))));
    expect(failure).toBe("10:20 B has no package/lane");
  });

  test("without the words they keep their own, and a check sees it", async () => {
    const failures = await failuresOf(
      scenarioWith("direction: pull", steps(ownersOf("port", "rail"))),
    );
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('B shows owner_org of package/quay as "harbor"');
  });
});
