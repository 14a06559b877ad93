// Proves on real catalogs, through a real instance on disk with its threads, that an import stores
// every line, that the export is what each line alone converts to, and that importing the same
// again changes nothing. The project's own fixtures stand in where the real corpora are absent.
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createGunzip, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { detectType, fromCkan, toCkan } from "../../src/catalog/index.ts";
import { repositoryRoot } from "../toolchain/temporary-folder.ts";
import { all, by, chunks, newInstance } from "./instances.ts";

const corpora = resolve(repositoryRoot, "../shared/data");
const fixtures = join(repositoryRoot, "test/fixtures/catalog");

/** What the lines of a dump export as, without any store: packages by id, canonical. */
function converted(text: string): string[] {
  const contents = new Map<string, JsonObject>();
  const packages = new Map<string, JsonObject>();
  for (const line of text.split("\n").filter(Boolean)) {
    const input = JSON.parse(line) as JsonObject;
    const type = detectType(input);
    const { object, embedded } = fromCkan(type, input);
    for (const { id, content } of embedded) if (!contents.has(id)) contents.set(id, content);
    contents.set(object.id, object.content);
    if (type === "package") packages.set(object.id, object.content);
  }
  const lookup = { content: (id: string) => contents.get(id) };
  return [...packages.keys()]
    .sort()
    .map((id) => canonicalize(toCkan("package", id, packages.get(id) as JsonObject, lookup)));
}

async function roundTrip(input: () => AsyncIterable<Uint8Array>, text: string): Promise<void> {
  const { instance } = await newInstance("a", { threads: "on-demand" });
  const expected = converted(text);
  const report = await instance.import(input(), { ...by, file: "dump" });
  expect(report.refused).toEqual([]);
  expect(report.lines).toBe(text.split("\n").filter(Boolean).length);

  const exported = await all(instance.export());
  expect(exported.length).toBe(expected.length);
  // One by one: a difference of whole catalogs would take minutes to print.
  for (const [index, line] of exported.entries()) expect(line).toBe(expected[index]);

  const again = await instance.import(input(), by);
  expect(again).toMatchObject({ unchanged: report.lines, changed: 0, created: 0, refused: [] });
  const { total } = await instance.search({ text: "", type: "package", state: "any", limit: 0 });
  expect(total).toBe(expected.length);
  const { ok, findings } = await instance.verify();
  expect(findings).toEqual([]);
  expect(ok).toBe(true);
}

test("fixtures", async () => {
  const text = ["packages.jsonl", "others.jsonl"]
    .map((name) => readFileSync(join(fixtures, name), "utf8"))
    .join("");
  await roundTrip(() => chunks(text), text);
});

test.for(["philly-latest.jsonl.gz", "tokyo-2022-09-05.jsonl.gz"])(
  "%s",
  { timeout: 120_000 },
  async (name, { skip }) => {
    const file = join(corpora, name);
    skip(!existsSync(file), "the corpora are not in ../shared/data");
    const text = gunzipSync(readFileSync(file)).toString("utf8");
    await roundTrip(() => createReadStream(file).pipe(createGunzip()), text);
  },
);
