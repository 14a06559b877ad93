// Proves what an import stores, what it refuses and says about it, and that it can be interrupted
// at any point and taken up again.
import { describe, expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import { MESSAGE_CHARS_MAX } from "../../src/base/limits.ts";
import type { ImportStoppedError } from "../../src/instance/importing/import-stopped-error.ts";
import type { ImportReport, Instance } from "../../src/instance/instance.ts";
import { all, by, chunks, lines, memoryInstance, newInstance } from "./instances.ts";

const file = "data.jsonl";

async function stopped(work: Promise<ImportReport>): Promise<ImportStoppedError> {
  return work.then(
    () => expect.fail("the import should have stopped"),
    (error) => error as ImportStoppedError,
  );
}

function packages(count: number, extra: object = {}): object[] {
  return Array.from({ length: count }, (_, index) => ({ name: `p${index}`, ...extra }));
}

async function messages(instance: Instance): Promise<string[]> {
  const entries = await instance.entries({ limit: 1000 });
  return [
    ...new Set(entries.map(({ changeset }) => JSON.parse(changeset as string).message as string)),
  ];
}

describe("what is stored", () => {
  test("objects of all types, told from each line, with what is embedded in them", async () => {
    const { instance } = await newInstance();
    const report = await instance.import(
      lines(
        { name: "parks", tags: [{ name: "green" }], organization: { name: "city", title: "City" } },
        { name: "sport", is_organization: false },
        { name: "bob", fullname: "Bob", email: "b@example.org" },
      ),
      { ...by, file },
    );
    expect(report).toMatchObject({ lines: 3, created: 5, changed: 0, unchanged: 0, refused: [] });
    expect(report).toMatchObject({ changesets: 1, revisions: 5 });
    expect((await instance.get("package/parks")).ckan).toMatchObject({ name: "parks" });
    expect((await instance.get("organization/city")).document).toMatchObject({ title: "City" });
    expect((await instance.get("group/sport")).name).toBe("sport");
    expect((await instance.get("user/bob")).document).toEqual({ fullname: "Bob", name: "bob" });
    expect((await instance.search({ text: "green", type: "package", limit: 5 })).total).toBe(1);
  });

  test("the same lines again change nothing, other lines change what they name", async () => {
    const { instance } = await newInstance();
    await instance.import(lines(...packages(3)), by);
    const again = await instance.import(lines(...packages(3)), by);
    expect(again).toMatchObject({ created: 0, changed: 0, unchanged: 3, changesets: 0 });
    const other = await instance.import(lines({ name: "p1", title: "One" }), by);
    expect(other).toMatchObject({ created: 0, changed: 1, unchanged: 0, revisions: 1 });
  });

  test("changesets are bounded and say which lines they hold", async () => {
    const { instance } = await newInstance();
    const report = await instance.import(lines(...packages(450)), { ...by, file });
    expect(report.changesets).toBe(3);
    expect(await messages(instance)).toEqual([
      "import of data.jsonl (1–200)",
      "import of data.jsonl (201–400)",
      "import of data.jsonl (401–450)",
    ]);
    const large = packages(6, { notes: "x".repeat(200_000) });
    expect((await instance.import(lines(...large), by)).changesets).toBe(3);
  });

  test("a line with more tags than a changeset holds: the tags first, then the package", async () => {
    const instance = memoryInstance();
    const tags = Array.from({ length: 1200 }, (_, i) => ({ name: `tag-${i}` }));
    const rows = [{ name: "small" }, { name: "many", tags }, { name: "more", tags }];
    const report = await instance.import(lines(...rows), by);
    expect(report).toMatchObject({ lines: 3, created: 1203, refusedTotal: 0, unchanged: 0 });
    const sizes = new Map<string, number>();
    for (const record of await all(instance.revisionsSince())) {
      const { object, changeset } = JSON.parse(record) as { object?: string; changeset: string };
      if (object !== undefined) sizes.set(changeset, (sizes.get(changeset) ?? 0) + 1);
    }
    expect(Math.max(...sizes.values())).toBe(500);
    expect(report.changesets).toBe(sizes.size);
    const again = await instance.import(lines(...rows), by);
    expect(again).toMatchObject({ created: 0, unchanged: 3, changesets: 0 });
  });

  test("a message as long as messages may be is kept whole, without its lines", async () => {
    const { instance } = await newInstance();
    const message = "m".repeat(MESSAGE_CHARS_MAX);
    expect(await instance.import(lines({ name: "p" }), { ...by, message })).toMatchObject({
      created: 1,
    });
    expect(await messages(instance)).toEqual([message]);
  });

  test("the last line about an object counts", async () => {
    const { instance } = await newInstance();
    const twice = [{ name: "a", title: "1" }, { name: "b" }, { name: "a", title: "2" }];
    const report = await instance.import(lines(...twice), by);
    expect(report).toMatchObject({ created: 2, changed: 1 });
    expect((await instance.get("package/a")).document).toEqual({ name: "a", title: "2" });
  });

  test("an embedded object is stored once, and never replaced by its short form", async () => {
    const { instance } = await newInstance();
    await instance.create("organization", { name: "city", title: "The City", id: orgId }, by);
    const rows = packages(250, { owner_org: orgId, organization: { id: orgId, name: "city" } });
    const report = await instance.import(lines(...rows), by);
    expect(report).toMatchObject({ created: 250, changed: 0 });
    expect((await instance.get(orgId)).document).toMatchObject({ title: "The City" });
  });

  test("an organization embedded in a refused line still comes with the next one", async () => {
    const { instance } = await newInstance();
    const organization = { name: "city" };
    const report = await instance.import(
      lines({ name: "bad", tags: "no list", organization }, { name: "good", organization }),
      by,
    );
    expect(report).toMatchObject({ created: 2, refusedTotal: 1 });
    expect((await instance.get("organization/city")).name).toBe("city");
  });

  test("\\r\\n, blank lines, U+2028 and a missing last line ending are fine", async () => {
    const { instance } = await newInstance();
    const notes = "one\u2028two";
    const text = `${JSON.stringify({ name: "a", notes })}\r\n\r\n\n{"name":"b"}`;
    expect(await instance.import(chunks(text), by)).toMatchObject({ created: 2, lines: 2 });
    expect((await instance.get("package/a")).document?.notes).toBe(notes);
  });
});

const orgId = "11111111-1111-4111-8111-111111111111";

describe("what is refused", () => {
  test("a bad line is counted with file, line, code and message; the rest goes on", async () => {
    const { instance } = await newInstance();
    const report = await instance.import(
      lines(
        { name: "a" },
        '{"name":"b"',
        { title: "no name, no id" },
        "[]",
        '{"name":"c","name":"d"}',
        { name: "e", extras: [{ key: "k" }, { key: "k" }] },
        { name: "f" },
      ),
      { ...by, file },
    );
    expect(report).toMatchObject({ lines: 7, created: 2, refusedTotal: 5 });
    const short = report.refused.map(({ line, code }) => `${line} ${code}`);
    expect(short).toEqual([
      "2 INVALID_JSON",
      "3 INVALID_OBJECT",
      "4 INVALID_OBJECT",
      "5 DUPLICATE_KEY",
      "6 INVALID_OBJECT",
    ]);
    expect(report.refused.every((line) => line.file === file)).toBe(true);
    expect(report.refused[0]?.message).toMatch(/column 12/);
    expect(report.refused[4]?.message).toMatch(/stands twice \(at \/extras\/1\)/);
    expect((await instance.verify()).ok).toBe(true);
  });

  test("a line that only the store can refuse leaves the others of its changeset", async () => {
    const { instance } = await newInstance();
    await instance.create("group", { name: "g", id: orgId }, by);
    const report = await instance.import(
      lines({ name: "a" }, { name: "b", id: orgId }, { name: "c" }),
      { ...by, type: "package" },
    );
    expect(report).toMatchObject({ created: 2, refusedTotal: 1 });
    expect(report.refused[0]).toMatchObject({ line: 2, code: "TYPE_MISMATCH", file: null });
  });

  test("strict stops at the first bad line, with nothing of its changeset stored", async () => {
    const { instance } = await newInstance();
    const rows = [...packages(250), "{", { name: "later" }];
    const error = await stopped(instance.import(lines(...rows), { ...by, file, strict: true }));
    expect(error).toMatchObject({ code: "INVALID_JSON", where: "data.jsonl:251" });
    expect(error.report).toMatchObject({ created: 200, changesets: 1 });
    expect((await instance.status()).objects).toEqual({ package: 200 });
  });

  test("strict stops at a line that only the store can refuse", async () => {
    const { instance } = await newInstance();
    await instance.create("group", { name: "g", id: orgId }, by);
    const rows = lines({ name: "a" }, { name: "b", id: orgId });
    const options = { ...by, file, strict: true, type: "package" };
    const error = await stopped(instance.import(rows, options));
    expect(error).toMatchObject({ code: "TYPE_MISMATCH", where: "data.jsonl:2" });
    expect((await instance.status()).objects).toEqual({ group: 1 });
  });

  test("an unknown type is refused at once", async () => {
    const { instance } = await newInstance();
    const work = instance.import(lines({ name: "a" }), { ...by, type: "packages" });
    await expect(work).rejects.toMatchObject({ code: "UNKNOWN_TYPE" });
  });
});

describe("an import that ends early", () => {
  async function* truncated(count: number): AsyncGenerator<Uint8Array> {
    yield* lines(...packages(count));
    yield Buffer.from('{"name":"half');
    throw new SynclineError("TRUNCATED_INPUT", "the gzip file ends early");
  }

  test("by a truncated input: what came before is stored, and the error says so", async () => {
    const { instance } = await newInstance();
    const error = await stopped(instance.import(truncated(250), by));
    expect(error.code).toBe("TRUNCATED_INPUT");
    expect(error.message).toMatch(/ends early; before that: 250 objects created/);
    expect(error.report).toMatchObject({ lines: 250, created: 250, refused: [] });
    const rest = await instance.import(lines(...packages(300)), by);
    expect(rest).toMatchObject({ created: 50, unchanged: 250 });
  });

  test("by a signal, also while the input keeps silent: importing again takes it up", async () => {
    const { instance } = await newInstance();
    const controller = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield* lines(...packages(450));
      await new Promise(() => {});
    }
    const work = instance.import(silent(), {
      ...by,
      signal: controller.signal,
      onProgress: ({ created }) => created >= 400 && controller.abort(),
    });
    const error = await stopped(work);
    expect(error.code).toBe("INTERRUPTED");
    expect(error.report).toMatchObject({ created: 400, changesets: 2 });
    const rest = await instance.import(lines(...packages(450)), by);
    expect(rest).toMatchObject({ created: 50, unchanged: 400 });
  });

  test("before it began", async () => {
    const { instance } = await newInstance();
    const error = await stopped(
      instance.import(lines(...packages(5)), { ...by, signal: AbortSignal.abort() }),
    );
    expect(error.report).toMatchObject({ created: 0, lines: 0 });
  });

  test("by a closed store: the error is the store's", async () => {
    const { instance } = await newInstance();
    async function* closing(): AsyncGenerator<Uint8Array> {
      yield* lines(...packages(1));
      await instance.store.close();
    }
    expect((await stopped(instance.import(closing(), by))).code).toBe("CLOSED");
  });
});

test("progress is reported per changeset and never goes back", async () => {
  const { instance } = await newInstance();
  const seen: number[] = [];
  await instance.import(lines(...packages(450)), {
    ...by,
    onProgress: ({ lines: count }) => seen.push(count),
  });
  expect(seen).toHaveLength(3);
  expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
});

test("the export of an import is the import, on every instance alike", async () => {
  const { instance: a } = await newInstance("a");
  const { instance: b } = await newInstance("b");
  const rows = packages(30, { tags: [{ name: "x" }], resources: [{ url: "http://example.org" }] });
  await a.import(lines(...rows), by);
  await b.import(lines(...rows.toReversed()), by);
  const exported = await all(a.export());
  expect(exported).toHaveLength(30);
  expect(await all(b.export())).toEqual(exported);
  const again = await a.import(lines(...exported), by);
  expect(again).toMatchObject({ unchanged: 30, changed: 0, created: 0 });
});

test("an export brings the same tags to an instance that has none", async () => {
  const uuid = (n: number): string => `0a0a0a0a-0000-4000-8000-00000000000${n}`;
  const tags = [
    { id: uuid(1), name: "water", display_name: "water", state: "active", vocabulary_id: null },
    { id: uuid(2), name: "en", display_name: "en", state: "active", vocabulary_id: uuid(9) },
    { name: "Water" },
    { name: "water", vocabulary_id: uuid(9) },
  ];
  const a = memoryInstance("a");
  const b = memoryInstance("b");
  await a.import(lines({ name: "p", tags }, { name: "g", is_organization: false, tags }), by);
  const packages = await all(a.export());
  await b.import(lines(...packages), by);
  expect(await all(b.export())).toEqual(packages);
  expect(await all(b.export({ type: "tag" }))).toEqual(await all(a.export({ type: "tag" })));
  expect((await b.get("package/p")).document).toEqual((await a.get("package/p")).document);
});

test("an own export, taken in again, renames nobody", async () => {
  const { instance } = await newInstance();
  await instance.create("package", { name: "ponds" }, by);
  await instance.create("package", { name: "ponds" }, by);
  const exported = await all(instance.export({ type: "package" }));
  expect(new Set(exported.map((line) => JSON.parse(line).name)).size).toBe(2);
  const report = await instance.import(lines(...exported.map((line) => JSON.parse(line))), by);
  expect(report).toMatchObject({ changed: 0, unchanged: 2 });
  expect((await instance.status()).conflicts.open).toBe(1);
});
