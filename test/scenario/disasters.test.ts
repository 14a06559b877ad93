// Proves what the words for disasters do: backups that are put back in three ways, copies, total loss,
// pauses, power cuts and failing disks; each check that looks at it can fail.
import { describe, expect, test } from "vitest";
import { isSynclineError } from "../../src/base/errors.ts";
import { explainMermaid } from "../../src/scenario/explain/chart.ts";
import { explainText } from "../../src/scenario/explain/explain.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";

const CHECKED = "heal: true, sync: all, invariants: all";

/** A has edited a package twice since Monday: B has seen the first edit, nobody the second. */
function lost(how: string, more: string, store = "memory"): string {
  return `
scenario: 1
name: A goes back to Monday
instances: { A: { store: ${store} }, B: {} }
links: [ { from: A, to: B, direction: push } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: One } } ] }
  - { at: "10:05", sync: [A, B] }
  - { at: "10:10", do: [ { on: A, backup: monday } ] }
  - { at: "10:15", do: [ { on: A, set: package/pump, value: { title: Two }, as: seen } ] }
  - { at: "10:20", sync: [A, B] }
  - { at: "10:25", do: [ { on: A, set: package/pump, value: { notes: Lost }, as: unseen } ] }
  - { at: "10:30", do: [ { on: A, restoreBackup: monday, how: ${how} } ] }
${more}`;
}

function check(what: string, at = "11:00"): string {
  return `  - { at: "${at}", check: { ${what} } }`;
}

async function failuresOf(text: string): Promise<readonly string[]> {
  const { failures } = await runScenario(readScenario(text, "x.yaml"));
  return failures.map(({ at, message }) => `${at} ${message}`);
}

describe.each(["memory", "sqlite"])("a backup that is put back, in a store of %s,", (store) => {
  test.each([
    ["restore", "[restore]"],
    ["files", "[copy]"],
    ["machine", "[peer]"],
  ])("by %s: what was seen comes back, and nothing else", async (how, epochs) => {
    const more = `
${check("value: { A: { package/pump: { title: One, notes: null } } }", "10:31")}
  - { at: "10:40", sync: [A, B] }
${check(`value: { A: { package/pump: { title: Two, notes: null } } }, recoverable: [seen], epochs: { A: ${epochs}, B: [] }`)}
  - { at: "11:10", do: [ { on: A, set: package/pump, value: { title: Three } } ] }
finally: { ${CHECKED}, converged: [[A, B]], value: { B: { package/pump: { title: Three } } } }`;
    expect(await failuresOf(lost(how, more, store))).toEqual([]);
  });

  test("and edited at once: both edits are kept", async () => {
    const more = `
  - { at: "10:31", do: [ { on: A, set: package/pump, value: { title: Again }, as: again } ] }
  - { at: "10:40", sync: [A, B] }
${check("conflicts: { B: [ { object: package/pump, path: /title, candidates: [seen, again] } ] }")}
finally: { ${CHECKED}, converged: [[A, B]], recoverable: [seen, again] }`;
    for (const how of ["restore", "files", "machine"]) {
      expect(await failuresOf(lost(how, more, store))).toEqual([]);
    }
  });
});

test.each([
  [check("value: { A: { package/pump: { title: Two } } }"), 'as "One", not "Two"'],
  [check("recoverable: [unseen]"), "nobody has the revision unseen"],
  [check("epochs: { A: [copy] }"), 'A began an epoch for ["restore"], not ["copy"]'],
])("a check of what was restored can fail: %s", async (more, message) => {
  const [failure, ...others] = await failuresOf(lost("restore", more));
  expect(failure).toContain(message);
  expect(others).toEqual([]);
});

/** A is copied; both then edit the same. */
function copied(how: string, more: string, from = "A"): string {
  return `
scenario: 1
name: A is there twice
instances: { A: {}, Hub: {}, Relay: {} }
links:
  - { from: ${from}, to: Hub, direction: both }
  - { from: Twin, to: Hub, direction: push }
  - { from: A, to: Relay, direction: both }
  - { from: Twin, to: A, direction: both }
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: One } } ] }
  - { at: "10:05", sync: all }
  - { at: "10:10", do: [ { on: A, clone: Twin, how: ${how} } ] }
  - { at: "10:15", do: [ { on: A, set: package/pump, value: { title: Of A }, as: a1 } ] }
  - { at: "10:20", do: [ { on: Twin, set: package/pump, value: { title: Of Twin }, as: t1 } ] }
${more}`;
}

describe("a copy", () => {
  test("of a folder is noticed by the third, and goes on with an identity of its own", async () => {
    const more = `
  - { at: "10:30", sync: [A, Hub] }
  - { at: "10:35", sync: [Twin, Hub] }
  - { at: "10:40", sync: [A, Hub], expect: { outcome: refused, error: SAME_IDENTITY } }
  - { at: "10:45", sync: [Twin, A], expect: { outcome: refused, error: SAME_IDENTITY } }
  - { at: "10:50", do: [ { on: Twin, newIdentity: true } ] }
${check("epochs: { A: [], Twin: [copy, new-identity] }")}
finally: { ${CHECKED}, converged: [[A, Hub, Twin]], recoverable: [a1, t1] }`;
    expect(await failuresOf(copied("folder", more))).toEqual([]);
  });

  test("of a machine is told by the third that it is one, or a link stops at numbers given twice", async () => {
    const told = `
  - { at: "10:30", sync: [A, Hub] }
  - { at: "10:40", sync: [Twin, Hub] }
${check("epochs: { Twin: [peer] }", "10:41")}
  - { at: "10:45", sync: [A, Hub], expect: { outcome: refused, error: SAME_IDENTITY } }
finally: { ${CHECKED}, converged: [[A, Hub, Twin]], recoverable: [a1, t1] }`;
    expect(await failuresOf(copied("machine", told))).toEqual([]);
    const forked = `
  - { at: "10:30", sync: [A, Relay] }
  - { at: "10:35", sync: [Relay, Hub] }
  - { at: "10:40", sync: [Twin, Hub], expect: { outcome: failed, error: ACTOR_FORK } }
  - { at: "10:50", do: [ { on: Twin, newIdentity: true } ] }
  - { at: "10:55", sync: [Twin, Hub] }
finally: { ${CHECKED}, converged: [[A, Relay, Hub, Twin]], recoverable: [a1, t1] }`;
    expect(await failuresOf(copied("machine", forked, "Relay"))).toEqual([]);
  });

  test("that nobody tells apart does not converge", async () => {
    const more = `
  - { at: "10:30", sync: [A, Hub] }
  - { at: "10:35", sync: [Twin, Hub] }
  - { at: "10:40", sync: [A, Hub] }`;
    const [failure] = await failuresOf(copied("folder", more));
    expect(failure).toContain("ended refused (SAME_IDENTITY");
  });

  test("or its original can be said to be the one that goes on", async () => {
    const more = `
  - { at: "10:30", sync: [A, Hub] }
  - { at: "10:35", sync: [Twin, Hub] }
  - { at: "10:40", do: [ { on: A, keepIdentity: true } ] }
  - { at: "10:45", sync: [A, Hub] }
${check("epochs: { A: [kept] }, recoverable: [a1, t1]")}`;
    expect(await failuresOf(copied("folder", more))).toEqual([]);
  });
});

/** B pulls from A. */
function pulled(more: string, b = "{}"): string {
  return `
scenario: 1
name: B pulls from A
instances: { A: {}, B: ${b} }
links: [ { from: A, to: B, direction: pull } ]
timeline:
  - { at: "10:00", do: [ { on: A, create: package/pump, value: { title: One }, as: p1 } ] }
  - { at: "10:05", sync: [A, B] }
  - { at: "10:10", do: [ { on: A, set: package/pump, value: { title: Two }, as: p2 } ] }
${more}`;
}

describe("total loss", () => {
  test("of a target: it fetches everything", async () => {
    const more = `
  - { at: "10:20", do: [ { on: B, wipe: true } ] }
${check("absent: { B: [package/pump] }, epochs: { B: [] }", "10:21")}
  - { at: "10:30", sync: [A, B] }
finally: { ${CHECKED}, converged: [[A, B]], value: { B: { package/pump: { title: Two } } } }`;
    expect(await failuresOf(pulled(more))).toEqual([]);
  });

  test("of a source: who linked to it is told, and links to it again", async () => {
    const more = `
  - { at: "10:20", do: [ { on: A, wipe: true }, { on: A, create: package/well, value: { title: New } } ] }
  - { at: "10:30", sync: [A, B], expect: { outcome: refused, error: PEER_CHANGED } }
  - { at: "10:40", do: [ { on: B, linkAgain: A } ] }
  - { at: "10:45", sync: [A, B], expect: { applied: { B: 1 } } }
finally: { ${CHECKED}, value: { B: { package/pump: { title: One }, package/well: { title: New } } }, absent: { A: [package/pump] } }`;
    expect(await failuresOf(pulled(more))).toEqual([]);
  });

  test("and a step that needs what is not there can fail", async () => {
    const failures = await failuresOf(
      pulled('  - { at: "10:20", do: [ { on: A, linkAgain: B } ] }'),
    );
    expect(failures[0]).toContain("A has no link to B");
  });
});

describe("a process that is paused", () => {
  const pause = (ms: string): string => `
  - at: "10:20"
    sync: [A, B]
    during: [ { after: { frames: 1, from: A }, fault: { pause: A, for: ${ms} } } ]`;

  test("keeps its connection, and goes on", async () => {
    const { failures, timeline } = await runScenario(readScenario(pulled(pause("20s")), "x.yaml"));
    expect(failures).toEqual([]);
    expect(timeline).toMatch(/10:20:00\.\d+ +A +is paused.*10:20:20\.\d+ +A +goes on/s);
    expect(timeline.match(/connects to A/g)).toHaveLength(2);
  });

  test("for too long is given up, and tried again", async () => {
    expect(
      await failuresOf(pulled(`${pause("50s")}\n    expect: { outcome: interrupted }`)),
    ).toEqual([]);
    const [failure] = await failuresOf(
      pulled(
        '  - { at: "10:20", do: [ { on: A, pause: 10m } ] }\n  - { at: "10:21", sync: [A, B] }',
      ),
    );
    expect(failure).toContain("not done within");
  });
});

describe("what is not synced to disk", () => {
  test.each(["older", "gone"])(
    "may be %s after a power cut, what was acknowledged not",
    async (unsynced) => {
      const more = `
  - { at: "10:20", do: [ { on: B, restart: true } ] }
  - { at: "10:30", sync: [A, B] }
  - { at: "10:40", do: [ { on: B, crash: true, unsynced: ${unsynced} } ] }
  - { at: "10:50", sync: [A, B], expect: { quiet: true } }
${check(`value: { B: { package/pump: { title: Two } } }, epochs: { B: ${unsynced === "gone" ? "[copy]" : "[]"} }`)}
finally: { ${CHECKED}, converged: [[A, B]] }`;
      for (const b of ["{}", "{ store: sqlite }"])
        expect(await failuresOf(pulled(more, b))).toEqual([]);
    },
  );
});

describe("a disk that fails", () => {
  const failing = (how: string): string =>
    `during: [ { after: { frames: 1, from: A }, fault: { ioError: B${how} } } ]`;

  test("once is said, and tried again", async () => {
    const more = `
  - { at: "10:20", sync: [A, B], ${failing("")} }
finally: { ${CHECKED}, converged: [[A, B]] }`;
    const { failures, timeline } = await runScenario(readScenario(pulled(more), "x.yaml"));
    expect(failures).toEqual([]);
    expect(timeline).toContain("ioError before");
  });

  test("for good fails the sync, stores nothing by halves, and is over when it is mended", async () => {
    const more = `
  - { at: "10:20", sync: [A, B], ${failing(", for: 10m")}, expect: { outcome: failed, error: STORE_IO } }
${check("value: { B: { package/pump: { title: One } } }", "10:22")}
  - { at: "10:40", sync: [A, B] }
finally: { ${CHECKED}, converged: [[A, B]] }`;
    expect(await failuresOf(pulled(more))).toEqual([]);
  });
});

describe("the words", () => {
  test("are told", () => {
    const text = explainText(
      readScenario(copied("machine", check("epochs: { A: [kept], Hub: [] }")), "x"),
    );
    expect(text).toContain("A is there twice: its machine copied runs as Twin");
    expect(text).toContain("A began a new epoch: kept");
    expect(text).toContain("Hub writes as it always did");
    const chart = explainMermaid(readScenario(copied("folder", ""), "x"));
    expect(chart).toContain("participant Twin");
    const told = explainText(readScenario(lost("machine", ""), "x"));
    expect(told).toContain("A makes the backup monday");
    expect(told).toContain("A goes back to the backup monday, with the snapshot of its machine");
  });

  test.each([
    ["{ on: A, restoreBackup: sunday }", 'A made no backup "sunday" before this'],
    ["{ on: A, clone: B }", 'there is an instance "B" already'],
    ["{ on: A, linkAgain: C }", 'no instance is called "C"'],
    ["{ on: A, crash: true, unsynced: some }", '"unsynced" has to be older or gone'],
    ["{ on: A, restoreBackup: monday, how: magic }", '"how" has to be restore, files or machine'],
  ])("are checked: %s", (action, message) => {
    try {
      readScenario(pulled(`  - { at: "10:20", do: [ ${action} ] }`), "x.yaml");
    } catch (error) {
      if (!isSynclineError(error, "INVALID_SCENARIO")) throw error;
      expect(error.message).toContain(message);
      return;
    }
    expect.fail("was read");
  });
});
