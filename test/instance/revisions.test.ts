// Proves that revisions carried by hand make another instance the same, whatever came before, and
// that "since X" takes every form of X.
import { describe, expect, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { all, by, chunks, lines, memoryInstance, newInstance } from "./instances.ts";

async function filled(): Promise<Instance> {
  const instance = memoryInstance("a");
  const rows = Array.from({ length: 450 }, (_, index) => ({ name: `p${index}` }));
  await instance.import(lines(...rows), by);
  await instance.set("package/p7", { title: "Seven", tags: [{ name: "odd" }] }, by);
  await instance.delete("package/p8", by);
  return instance;
}

async function digestOf(instance: Instance): Promise<string> {
  return (await instance.status()).digest;
}

test("all records from one instance make another one equal, bytes included", async () => {
  const a = await filled();
  const { instance: b } = await newInstance("b");
  const records = await all(a.revisionsSince());
  expect(records).toHaveLength(453 + 5);
  const outcome = await b.importRevisions(chunks(records.join("\n"), 10_000));
  expect(outcome).toMatchObject({ revisions: 453, changesets: 5, refused: [], duplicates: 0 });
  expect(await digestOf(b)).toBe(await digestOf(a));
  expect(await all(b.revisionsSince())).toEqual(records);
  expect((await b.search({ text: "seven", limit: 5 })).total).toBe(1);
  expect((await b.verify()).findings).toEqual([]);

  const again = await b.importRevisions(chunks(records.join("\r\n"), 10_000));
  expect(again).toMatchObject({ revisions: 0, duplicates: 453, refused: [] });
});

test("bad lines are refused and counted, the rest is stored", async () => {
  const a = await filled();
  const { instance: b } = await newInstance("b");
  const records = await all(a.revisionsSince());
  const spoilt = records.with(10, "{}").with(20, `${records[20]} `).toSpliced(30, 0, "no JSON");
  const outcome = await b.importRevisions(lines(...spoilt, "x".repeat(6_000_000)));
  expect(outcome.revisions).toBe(451);
  expect(outcome.refused.map(({ code }) => code).sort()).toEqual([
    "INPUT_TOO_LARGE",
    "INVALID_JSON",
    "INVALID_RECORD",
    "NOT_CANONICAL",
  ]);
  await b.importRevisions(lines(...records));
  expect(await digestOf(b)).toBe(await digestOf(a));
});

test("when the input breaks, what came before is stored", async () => {
  const a = await filled();
  const { instance: b } = await newInstance("b");
  const records = await all(a.revisionsSince());
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* lines(...records.slice(0, 300));
    yield Buffer.from(records[300]?.slice(0, 100) ?? "");
    throw new Error("the cable");
  }
  await expect(b.importRevisions(broken())).rejects.toThrow("the cable");
  expect((await b.status()).revisions).toBe(298);
  await b.importRevisions(lines(...records));
  expect(await digestOf(b)).toBe(await digestOf(a));
});

describe("since", () => {
  test("a position, a revision, a changeset, a time", async () => {
    const a = await filled();
    const records = await all(a.revisionsSince());
    expect(await all(a.revisionsSince(453))).toEqual([]);
    expect(await all(a.revisionsSince(9999))).toEqual([]);
    expect(await all(a.revisionsSince(452))).toEqual(records.slice(-2));
    expect(await all(a.revisionsSince("452"))).toEqual(records.slice(-2));
    const [deletion] = await a.history("package/p8");
    const [edit] = await a.history("package/p7");
    expect(await all(a.revisionsSince(edit?.revision))).toEqual(records.slice(-2));
    expect(await all(a.revisionsSince(edit?.changeset as string))).toEqual(records.slice(-2));
    expect(await all(a.revisionsSince(deletion?.revision.toUpperCase()))).toEqual([]);
    expect(await all(a.revisionsSince("2020-01-01"))).toEqual(records);
    expect(await all(a.revisionsSince("2999-01-01T00:00:00Z"))).toEqual([]);
  });

  test("in the middle of a changeset, the changeset comes along", async () => {
    const a = await filled();
    const records = await all(a.revisionsSince());
    const rest = await all(a.revisionsSince(10));
    expect(rest[0]).toBe(records[0]);
    expect(rest.slice(1)).toEqual(records.slice(11));
  });

  test.each(["yesterday", "-1", "1.5", "2026-99-99"])("not %s", async (since) => {
    const instance = memoryInstance();
    await expect(all(instance.revisionsSince(since))).rejects.toMatchObject({ code: "USAGE" });
  });

  test("not an unknown id", async () => {
    const instance = memoryInstance();
    const since = "01890000-0000-7000-8000-000000000000";
    await expect(all(instance.revisionsSince(since))).rejects.toMatchObject({
      code: "REVISION_NOT_FOUND",
    });
  });
});
