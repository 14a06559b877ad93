// Proves what `converged` asks of links that go one way or carry a part: purges and names are among
// what flows; what does not flow, what was kept and what the target holds besides is its own affair.
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";
import { runScenario } from "../../src/scenario/run/run-scenario.ts";

/** What fails of `converged` between A, from which a link goes to B, after some steps. */
async function misses(link: string, steps: readonly string[]): Promise<readonly string[]> {
  const text = `
scenario: 1
name: One way
instances: { A: {}, B: {} }
links: [ { from: A, to: B, direction: pull${link} } ]
timeline:
${steps.map((step, number) => `  - { at: "1${number}:00", ${step} }`).join("\n")}
  - { at: "20:00", check: { converged: [[A, B]] } }
`;
  const { failures } = await runScenario(readScenario(text, "x.yaml"));
  return failures.map(({ at, message }) => `${at} ${message}`);
}

const create = (who: string, ref: string, more = ""): string =>
  `do: [ { on: ${who}, create: ${ref}${more} } ]`;
const SYNC = "sync: [A, B]";
const PUBLIC = ", scope: { groups: [open] }";
const inGroup = ", value: { groups: [open] }";

describe("a purge", () => {
  const purge = "do: [ { on: A, purge: package/pump } ]";

  test("that has not come yet is a failure, and then none", async () => {
    const steps = [create("A", "package/pump"), SYNC, purge];
    expect(await misses("", steps)).toEqual([
      "20:00 B does not hold the purge of package/pump as A does",
    ]);
    expect(await misses("", [...steps, SYNC])).toEqual([]);
  });

  test("that the link refuses is none", async () => {
    const steps = [create("A", "package/pump"), SYNC, purge, SYNC];
    expect(await misses(", refusePurges: true", steps)).toEqual([]);
  });
});

describe("a name", () => {
  test("under which B shows something of its own instead is a failure", async () => {
    const [first, second] = [create("B", "package/pump"), create("A", "package/pump")];
    expect(await misses("", [first, second, SYNC])).toEqual([
      expect.stringMatching(/^20:00 B shows package\/pump as "pump--\w{6}", and A as "pump"$/),
    ]);
    // The first keeps the plain name: what A has shows on B as on A.
    expect(await misses("", [second, first, SYNC])).toEqual([]);
  });

  test("that is another one on A for the sake of what the link leaves out is none", async () => {
    const steps = [create("A", "package/pump"), create("B", "package/well")];
    const open = [
      create("A", "group/open"),
      `do: [ { on: A, create: package/pump${inGroup}, as: a2 } ]`,
    ];
    const names = 'check: { names: { A: { package/@a2: "pump--*" }, B: { package/@a2: pump } } }';
    expect(await misses(PUBLIC, [...steps, ...open, SYNC, names])).toEqual([]);
  });

  test("that B keeps for what left the scope is none", async () => {
    const steps = [
      create("A", "group/open"),
      `do: [ { on: A, create: package/pump${inGroup}, as: a1 } ]`,
      SYNC,
      "do: [ { on: A, set: package/pump, value: { groups: [] } } ]",
      SYNC,
      "do: [ { on: A, rename: package/pump, to: old-pump } ]",
      `do: [ { on: A, create: package/pump${inGroup}, as: a2 } ]`,
      SYNC,
      'check: { left: { B: [package/@a1] }, names: { A: { package/@a2: pump }, B: { package/@a2: "pump--*" } } }',
    ];
    expect(await misses(PUBLIC, steps)).toEqual([]);
  });

  test("that several share, of which all flow, is the same, with the same conflicts", async () => {
    const twice = [
      create("A", "package/pump", ", as: a1"),
      create("A", "package/pump", ", as: a2"),
    ];
    const names = 'check: { names: { B: { package/@a1: pump, package/@a2: "pump--*" } } }';
    expect(await misses("", [...twice, SYNC, names])).toEqual([]);
  });
});
