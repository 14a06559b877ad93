// Proves that a catalog of each format that was ever released, brought up to date, is what an
// instance of today makes of the same records, and what it was when it was kept (its state, its
// conflicts, its counts); that it syncs; and that the file of today can be kept likewise.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import type { Json } from "../../src/base/json.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { openInstance } from "../../src/instance/open-instance.ts";
import { SCHEMA_VERSION } from "../../src/store/sqlite/schema.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { all, by, lines, newInstance } from "./instances.ts";
import { expectEqual, link, sync } from "./served.ts";

const fixtures = join(import.meta.dirname, "../fixtures/formats");
const formats = readdirSync(fixtures).filter((name) => name.endsWith(".db.gz"));
/** Those that the program has to bring up to date. */
const older = formats.filter((name) => name !== `format-${SCHEMA_VERSION}.db.gz`);
/** What is there after an update, by file. */
const expected = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8"));

/** A folder with the catalog of an older format. */
function folderOf(file: string): string {
  const folder = join(temporaryFolder({}), "old");
  mkdirSync(folder);
  writeFileSync(join(folder, "catalog.db"), gunzipSync(readFileSync(file)));
  return folder;
}

async function upgraded(file: string): Promise<Instance> {
  const instance = await openInstance(folderOf(file), { threads: "none" });
  onTestFinished(() => instance.close());
  return instance;
}

async function stateOf(instance: Instance): Promise<unknown> {
  const { digest, objects, deleted, purged, shunned, ...status } = await instance.status();
  const { parked, quarantined, revisions, diverged, conflicts } = status;
  const { items } = await instance.conflicts({ limit: 100 });
  const said = items.map(({ id, path, kind, status: one }) => [id, path, kind, one]);
  const log = sha256Hex(canonicalize(said as Json));
  const counts = { objects, deleted, purged, shunned, parked, quarantined, revisions, diverged };
  return { digest, log, ...counts, openConflicts: conflicts.open };
}

/** What is kept of the present format is kept of older ones as far as their programs had it. */
async function linksOf(instance: Instance): Promise<unknown> {
  const links = await instance.links();
  const runs = await instance.runs();
  const { items } = await instance.quarantine();
  return {
    left: (await instance.status()).departed,
    links: links.map(({ url, peer, ...link }) => link),
    runs: runs.map(({ link, outcome, received, left = null, log = null, undo, error }) => [
      ...[link, outcome, received.revisions, left, log],
      ...[undo?.run ?? null, error?.code ?? null],
    ]),
    quarantine: items.map(({ key, code }) => [key, code]).sort(),
  };
}

test("every format that was released is kept", () => {
  const released = Array.from({ length: SCHEMA_VERSION }, (_, at) => `format-${at + 1}.db.gz`);
  expect(formats).toEqual(released);
  expect(Object.keys(expected)).toEqual(released);
});

test.each(formats)("%s: is what it was when it was kept", async (name) => {
  const { kept, ...state } = expected[name];
  const instance = await upgraded(join(fixtures, name));
  expect(await stateOf(instance)).toEqual(state);
  if (kept !== undefined) expect(await linksOf(instance)).toEqual(kept);
});

/** That all that is derived of an old catalog is what an instance of today derives. */
async function expectDerivedAnew(old: Instance): Promise<void> {
  expect((await old.verify()).findings).toEqual([]);
  const { instance: fresh } = await newInstance("fresh");
  const { policy } = await old.policy();
  await fresh.setPolicy(policy as never, by);
  const records = await all(old.revisionsSince());
  expect((await fresh.importRevisions(lines(...records))).refused).toEqual([]);
  const [{ digest, conflicts }, status] = [await old.status(), await fresh.status()];
  expect({ digest, conflicts }).toEqual({ digest: status.digest, conflicts: status.conflicts });
  expect(await old.conflicts({ limit: 100 })).toEqual(await fresh.conflicts({ limit: 100 }));
  for (const type of ["package", "tag", "group"]) {
    expect(await all(old.export({ type }))).toEqual(await all(fresh.export({ type })));
  }
}

test.each(formats)("%s: all that is derived is what a new instance derives", async (name) => {
  await expectDerivedAnew(await upgraded(join(fixtures, name)));
});

test.each(formats)("%s: syncs with an instance of today, and both can be edited", async (name) => {
  const old = await upgraded(join(fixtures, name));
  const { instance: today } = await newInstance("today");
  await link(today, old, "both");
  await sync(today);
  await old.set("package/water", { title: "Water, today" }, by);
  await today.create("package", { name: "wells" }, by);
  await sync(today);
  await expectEqual(old, today);
  expect((await today.get("package/water")).heads).toHaveLength(1);
});

test.each(formats)("%s: names are unique, and several heads are merged", async (name) => {
  const old = await upgraded(join(fixtures, name));
  const packages = await all(old.export({ type: "package" }));
  const names = packages.map((text) => (JSON.parse(text) as { name: string }).name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(["parks", "water", "trees", "new-name"]));
  const water = await old.get("package/water");
  expect(water.heads).toHaveLength(2);
  expect(water.heads).not.toContain(water.revision);
  expect(water.document).toMatchObject({ url: "https://one.example", version: "2" });
  const paths = (await old.conflicts({ limit: 100 })).items.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(["/name", "/title"]));
});

test.each(older)("%s: is not read before it is brought up to date", async (name) => {
  const folder = folderOf(join(fixtures, name));
  const reading = openInstance(folder, { readOnly: true, threads: "none" });
  await expect(reading).rejects.toMatchObject({ code: "READ_ONLY" });
  await (await openInstance(folder, { threads: "none" })).close();
  const reader = await openInstance(folder, { readOnly: true, threads: "none" });
  onTestFinished(() => reader.close());
  expect((await reader.status()).objects).toEqual(expected[name].objects);
});

test.each(older)("%s: one that cannot be derived stays what it was", async (name) => {
  const folder = folderOf(join(fixtures, name));
  const db = new Database(join(folder, "catalog.db"));
  onTestFinished(() => void db.close());
  db.exec("UPDATE rev SET record = x'00' WHERE lsn = (SELECT max(served) FROM obj)");
  const versions = db.prepare("SELECT version FROM migration").pluck();
  const before = versions.all();
  const opening = openInstance(folder, { threads: "none" });
  await expect(opening).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  expect(versions.all()).toEqual(before);
});

test("the catalog that is kept of today's format holds what is to be kept", async () => {
  const file = join(temporaryFolder({}), "kept.db.gz");
  const script = join(import.meta.dirname, "../../scripts/keep-format.ts");
  const { status, stderr } = spawnSync(process.execPath, [script, file], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const kept = await upgraded(file);
  expect(await stateOf(kept)).toMatchObject({
    ...{ purged: 1, shunned: 1, deleted: 1, parked: 1, quarantined: 2 },
    objects: { package: 9, group: 2, organization: 4, tag: 4 },
  });
  expect((await kept.policy()).frontier).toHaveLength(1);
  expect((await kept.runs("there"))[0]).toMatchObject({ outcome: "ok" });
  expect((await kept.runs("annex")).map(({ outcome }) => outcome)).toContain("held");
  const { items } = await kept.conflicts({ limit: 100 });
  expect(items.map(({ status: one }) => one)).toEqual(expect.arrayContaining(["open", "resolved"]));
  await expectDerivedAnew(kept);
});
