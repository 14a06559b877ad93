// Proves that a catalog of an older format, brought up to date, is what an instance of today makes of
// the same records.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { openInstance } from "../../src/instance/open-instance.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { all, lines, newInstance } from "./instances.ts";

const fixtures = join(import.meta.dirname, "../fixtures/formats");
const formats = readdirSync(fixtures).filter((name) => name.endsWith(".db.gz"));

/** A folder with the catalog of an older format. */
function folderOf(name: string): string {
  const folder = join(temporaryFolder({}), "old");
  mkdirSync(folder);
  writeFileSync(join(folder, "catalog.db"), gunzipSync(readFileSync(join(fixtures, name))));
  return folder;
}

async function upgraded(name: string): Promise<Instance> {
  const instance = await openInstance(folderOf(name), { threads: "none" });
  onTestFinished(() => instance.close());
  return instance;
}

test.each(formats)("%s: all that is derived is what a new instance derives", async (name) => {
  const old = await upgraded(name);
  expect((await old.verify()).findings).toEqual([]);
  const { instance: fresh } = await newInstance("fresh");
  const records = await all(old.revisionsSince());
  expect((await fresh.importRevisions(lines(...records))).refused).toEqual([]);
  const [{ digest, conflicts }, expected] = [await old.status(), await fresh.status()];
  expect({ digest, conflicts }).toEqual({ digest: expected.digest, conflicts: expected.conflicts });
  const query = { limit: 100 };
  expect(await old.conflicts(query)).toEqual(await fresh.conflicts(query));
  for (const type of ["package", "tag"]) {
    expect(await all(old.export({ type }))).toEqual(await all(fresh.export({ type })));
  }
});

test.each(formats)("%s: names are unique, and several heads are merged", async (name) => {
  const old = await upgraded(name);
  const packages = await all(old.export({ type: "package" }));
  const names = packages.map((text) => (JSON.parse(text) as { name: string }).name);
  expect(names).toHaveLength(6);
  expect(new Set(names).size).toBe(6);
  expect(names).toEqual(expect.arrayContaining(["parks", "water", "trees", "new-name"]));
  const water = await old.get("package/water");
  expect(water.heads).toHaveLength(2);
  expect(water.heads).not.toContain(water.revision);
  expect(water.document).toMatchObject({ url: "https://one.example", version: "2" });
  const paths = (await old.conflicts({ limit: 100 })).items.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(["/name", "/title"]));
});

test.each(formats)("%s: is not read before it is brought up to date", async (name) => {
  const folder = folderOf(name);
  const reading = openInstance(folder, { readOnly: true, threads: "none" });
  await expect(reading).rejects.toMatchObject({ code: "READ_ONLY" });
  await (await openInstance(folder, { threads: "none" })).close();
  const reader = await openInstance(folder, { readOnly: true, threads: "none" });
  onTestFinished(() => reader.close());
  expect((await reader.status()).objects).toMatchObject({ package: 6 });
});

test.each(formats)("%s: one that cannot be derived stays what it was", async (name) => {
  const folder = folderOf(name);
  const db = new Database(join(folder, "catalog.db"));
  onTestFinished(() => void db.close());
  db.exec("UPDATE rev SET record = x'00' WHERE lsn = (SELECT max(served) FROM obj)");
  const versions = db.prepare("SELECT version FROM migration").pluck();
  const before = versions.all();
  const opening = openInstance(folder, { threads: "none" });
  await expect(opening).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  expect(versions.all()).toEqual(before);
});
