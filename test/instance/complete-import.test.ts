// Proves that a complete import deletes what its input does not hold, of the types that it is about,
// and nothing else; and that an input which is cut short, has bad lines or lacks too much deletes
// nothing.
import { expect, test, vi } from "vitest";
import type { ImportOptions, Instance } from "../../src/instance/instance.ts";
import { chunks, lines, memoryInstance } from "./instances.ts";

const by = { author: "ada", file: "all.jsonl" };
const complete = { ...by, complete: true } as const;
const named = (n: number) => ({
  name: `p${n}`,
  organization: { name: "port" },
  tags: [{ name: "t" }],
});
const packages = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => named(from + index));

async function filled(many = 30): Promise<Instance> {
  const instance = memoryInstance();
  await instance.import(lines(...packages(0, many)), { ...by, type: "package" });
  await instance.create("group", { name: "harbors" }, by);
  return instance;
}

const live = async (instance: Instance) => (await instance.status()).objects;

test("what is absent is deleted, of the imported types alone", async () => {
  const instance = await filled();
  const heard: (number | undefined)[] = [];
  const onProgress: ImportOptions["onProgress"] = ({ absent }) => heard.push(absent);
  const input = lines(...packages(10, 32));
  const report = await instance.import(input, { ...complete, type: "package", onProgress });
  expect(report).toMatchObject({ created: 2, unchanged: 20, refusedTotal: 0 });
  expect(report.complete).toEqual({ types: ["package"], absent: 10, deleted: 10 });
  expect(heard[0]).toBe(10);
  expect(await live(instance)).toEqual({ package: 22, organization: 1, group: 1, tag: 1 });
  const [last] = await instance.history("package/p0");
  expect(last).toMatchObject({ author: "ada", message: "absent from all.jsonl" });
  const again = await instance.import(lines(...packages(10, 32)), { ...complete, type: "package" });
  expect(again.complete).toMatchObject({ absent: 0, deleted: 0 });
});

test("what is embedded is not absent, and is no type of the input by itself", async () => {
  const instance = await filled(3);
  await instance.create("organization", { name: "other" }, by);
  const organization = { name: "new-one", is_organization: true, type: "organization" };
  const report = await instance.import(lines(...packages(0, 3), organization), complete);
  expect(report.complete).toEqual({ types: ["organization", "package"], absent: 1, deleted: 1 });
  expect(await live(instance)).toMatchObject({ organization: 2, package: 3, group: 1, tag: 1 });
});

test("an input of nothing is about the type that it is said to be of", async () => {
  const instance = await filled(5);
  expect((await instance.import(lines(), complete)).complete).toEqual({
    types: [],
    absent: 0,
    deleted: 0,
  });
  const report = await instance.import(lines(), { ...complete, type: "package" });
  expect(report.complete).toMatchObject({ absent: 5, deleted: 5 });
});

test("more than may go at once is held, and nothing is stored, until somebody agrees", async () => {
  const instance = await filled();
  const { digest } = await instance.status();
  const input = () => lines(...packages(21, 40));
  const held = instance.import(input(), { ...complete, type: "package" });
  await expect(held).rejects.toMatchObject({ code: "REMOVALS_HELD" });
  expect((await instance.status()).digest).toBe(digest);
  const few = { ...complete, type: "package", maxRemovals: "20" };
  await expect(instance.import(input(), few)).rejects.toMatchObject({ code: "REMOVALS_HELD" });
  const report = await instance.import(input(), { ...few, acceptRemovals: true });
  expect(report.complete).toMatchObject({ absent: 21, deleted: 21 });
  const odd = instance.import(input(), { ...complete, maxRemovals: "many" });
  await expect(odd).rejects.toMatchObject({ code: "USAGE" });
});

test("a line that is refused keeps everything", async () => {
  const instance = await filled();
  const input = lines(...packages(10, 31), "{ no JSON");
  const report = await instance.import(input, { ...complete, type: "package" });
  expect(report).toMatchObject({ created: 1, refusedTotal: 1 });
  expect(report.complete).toMatchObject({ absent: 10, deleted: 0 });
  expect(await live(instance)).toMatchObject({ package: 31 });
  const strict = instance.import(lines("[]"), { ...complete, type: "package", strict: true });
  await expect(strict).rejects.toMatchObject({ code: "INVALID_OBJECT" });
});

test("so does one that only the store refuses", async () => {
  const instance = await filled();
  const id = "3f2a9c1e-0000-4000-8000-000000000001";
  await instance.create("package", { id, name: "gone" }, by);
  await instance.purge(id, { reason: "" }, by);
  const input = lines(...packages(10, 30), { id, name: "gone" });
  const report = await instance.import(input, { ...complete, type: "package" });
  expect(report).toMatchObject({ refusedTotal: 1, complete: { absent: 10, deleted: 0 } });
});

test("an input that ends early, or is stopped, stores nothing", async () => {
  const instance = await filled();
  const { digest } = await instance.status();
  async function* broken() {
    yield* lines(...packages(10, 35));
    throw new Error("cut");
  }
  const cut = instance.import(broken(), { ...complete, type: "package" });
  await expect(cut).rejects.toMatchObject({ report: { created: 0 } });
  const signal = AbortSignal.abort();
  const stopped = instance.import(lines(...packages(10, 35)), { ...complete, signal });
  await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect((await instance.status()).digest).toBe(digest);
});

test("what somebody changes meanwhile stays", async () => {
  const instance = await filled();
  const { store } = instance;
  const author = store.author.bind(store);
  let isFirst = true;
  vi.spyOn(store, "author").mockImplementation(async (command) => {
    const isRemoval = command.changes[0]?.kind === "delete";
    if (isRemoval && isFirst) {
      isFirst = false;
      await instance.set("package/p3", { title: "needed" }, by);
    }
    return author(command);
  });
  const input = chunks(
    `${packages(10, 30)
      .map((one) => JSON.stringify(one))
      .join("\n")}\n`,
  );
  const report = await instance.import(input, { ...complete, type: "package" });
  expect(report.complete).toMatchObject({ absent: 10, deleted: 9 });
  expect((await instance.get("package/p3")).ckan.title).toBe("needed");
});
