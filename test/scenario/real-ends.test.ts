// Proves what tells the ends of two runs with real processes apart: what instances show and the
// conflicts they record, and not the ids, which are drawn anew in each run.
import { expect, test } from "vitest";
import type { Instance } from "../../src/index.ts";
import { endsOf } from "../../src/scenario/real/real-ends.ts";
import { sameEnd } from "../../src/scenario/real/run-real-family.ts";
import { by, memoryInstance } from "../instance/instances.ts";

/** A package with a tag and a resource, and another one of its name that came from elsewhere. */
async function catalogWith(title: string): Promise<Instance> {
  const [instance, other] = [memoryInstance(), memoryInstance()];
  const resources = [{ name: "csv", url: "https://data.example/pump.csv" }];
  await instance.create(
    "package",
    { name: "pump", title, tags: [{ name: "water" }], resources },
    by,
  );
  await other.create("package", { name: "pump", title: "Elsewhere" }, by);
  await instance.importRevisions(recordsOf(other));
  return instance;
}

async function* recordsOf(instance: Instance): AsyncGenerator<Uint8Array> {
  for await (const record of instance.revisionsSince()) yield Buffer.from(`${record}\n`);
}

async function runOf(title: string) {
  const instance = await catalogWith(title);
  const ends = await endsOf({ names: ["A"], look: () => instance });
  return { failures: [], timeline: "", happened: new Set<never>(), ends };
}

test("what people see makes two ends differ, ids do not", async () => {
  const [base, same, other] = await Promise.all(["Pump", "Pump", "Pipe"].map(runOf));
  expect(base?.ends.A).toEqual([
    'package/pump /name "pump"',
    'package/pump /resources/…/name "csv"',
    expect.stringContaining("/resources/…/position "),
    'package/pump /resources/…/url "https://data.example/pump.csv"',
    "package/pump /tags/tag/water true",
    'package/pump /title "Pump"',
    'package/pump--… /name "pump"',
    'package/pump--… /name name open "pump--…"',
    'package/pump--… /title "Elsewhere"',
    'tag/water /name "water"',
  ]);
  expect(sameEnd(base as never, same as never).failures).toEqual([]);
  const [failure] = sameEnd(base as never, other as never).failures;
  expect(failure?.message).toBe(
    "the order of the steps matters: the instances end in another state",
  );
  expect(failure?.diff?.join("\n")).toContain("Pipe");
});
