// Proves that verify of a folder ends with what is wrong, whatever is damaged, and that a bit that
// was flipped anywhere in the catalog is found, or changed nothing that anybody reads.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { createInstance, openInstance } from "../../src/instance/open-instance.ts";
import { verifyFolder } from "../../src/instance/verify-folder.ts";
import { run } from "../cli/run.ts";
import { TestRandom } from "../store/helpers.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { by, lines, memoryInstance } from "./instances.ts";

let catalog: Buffer;
let search: Buffer;

/** Something of everything, in one small file. */
beforeAll(async () => {
  const above = mkdtempSync(join(tmpdir(), "syncline-verify-"));
  const folder = join(above, "tokyo");
  const instance = await createInstance(folder, { name: "tokyo", threads: "none" });
  const peer = memoryInstance("osaka");
  await instance.import(lines({ name: "a", tags: [{ name: "t" }] }, { name: "b" }), by);
  for (let i = 0; i < 66; i++) await instance.set("package/b", { title: `${i}` }, by);
  await instance.addLink({ name: "osaka", url: "http://127.0.0.1:1", direction: "pull" });
  await instance.sync("osaka");
  await send(instance, peer);
  await peer.set("package/a", { title: "there" }, by);
  await instance.set("package/a", { title: "here" }, by);
  await send(peer, instance);
  await instance.importRevisions(lines("junk", { v: 1, patch: [] }));
  expect(await instance.verify()).toMatchObject({ ok: true, findings: [] });
  await instance.close();
  catalog = readFileSync(join(folder, "catalog.db"));
  search = readFileSync(join(folder, "search.db"));
  rmSync(above, { recursive: true });
});

/** Gives one instance's records to another, as a sync does. */
async function send(source: Instance, target: Instance): Promise<void> {
  const page = await source.store.readPage(0, { revisions: 1000, bytes: 1e9 });
  const { instance, epoch } = source.identity;
  const { lsn, chain } = await source.store.head();
  const rung = { epoch, lsn, chain: Buffer.from(chain).toString("hex") };
  const bytes = page?.bytes ?? new Uint8Array(0);
  await target.store.apply({
    source: instance,
    bytes,
    cursor: { scope: "all", after: { lsn: 0, chain: "0".repeat(32) }, rung },
  });
}

/** A copy of the folder, its catalog changed. */
function damaged(change: (bytes: Buffer) => void): string {
  const folder = temporaryFolder({});
  const bytes = Buffer.from(catalog);
  change(bytes);
  writeFileSync(join(folder, "catalog.db"), bytes);
  writeFileSync(join(folder, "search.db"), search);
  return folder;
}

function changedBy(...statements: readonly string[]): string {
  const folder = damaged(() => {});
  const db = new Database(join(folder, "catalog.db"));
  db.unsafeMode();
  for (const statement of statements) db.exec(statement);
  db.close();
  return folder;
}

describe("verify ends with what is wrong", () => {
  test.each([
    ["an object's content", "UPDATE obj SET body = '{' WHERE name = 'b'", /^obj /],
    ["what makes it an instance", "DELETE FROM meta WHERE key = 'name'", /^meta name$/],
    ["its format", "UPDATE migration SET version = -version", /^database file$/],
    ["a table", "DROP TABLE meta", /^table meta$/],
    ["the log", "DROP TABLE rev", /^table rev$/],
  ])("damaged in %s", async (_what, sql, where) => {
    const folder = changedBy(sql);
    const result = await verifyFolder(folder, {});
    expect(result.ok).toBe(false);
    const message = expect.stringMatching(/\w/);
    expect(result.findings).toContainEqual({ where: expect.stringMatching(where), message });
    const { code, stdout } = await run(["-C", folder, "verify", "--json"]);
    expect({ code, result: JSON.parse(stdout) }).toEqual({ code: 1, result });
    expect((await run(["-C", folder, "verify"])).stdout).toMatch(/^damaged: /);
  });

  test.each([
    ["no database", (bytes: Buffer) => void bytes.fill("x", 0, 200), /not a Syncline catalog/],
    ["another file", (bytes: Buffer) => void bytes.fill(0, 68, 72), /not a Syncline catalog/],
    [
      "a schema that is none",
      (bytes: Buffer) => replace(bytes, "TABLE obj", "TABBE obj"),
      /schema/,
    ],
  ])("where there is %s", async (_what, change, message) => {
    const { ok, findings } = await verifyFolder(damaged(change), {});
    expect({ ok, findings }).toEqual({
      ok: false,
      findings: [{ where: "database file", message: expect.stringMatching(message) }],
    });
  });

  test("also of an instance that is open, checking the rest all the same", async () => {
    const instance = await openInstance(changedBy("UPDATE obj SET body = '{' WHERE name = 'b'"));
    onTestFinished(() => instance.close());
    const wheres = (await instance.verify()).findings.map(({ where }) => where);
    expect(wheres).toContain("references");
    expect(wheres).toContain("search index");
    await instance.close();
    await expect(instance.verify()).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("but not where nothing is, or a newer version's", async () => {
    const folder = changedBy("INSERT INTO migration (version) VALUES (99)");
    await expect(verifyFolder(folder, {})).rejects.toMatchObject({ code: "FORMAT_TOO_NEW" });
    rmSync(join(folder, "catalog.db"));
    await expect(verifyFolder(folder, {})).rejects.toMatchObject({ code: "NOT_AN_INSTANCE" });
  });
});

function replace(bytes: Buffer, from: string, to: string): void {
  bytes.write(to, bytes.indexOf(from), "latin1");
}

/** All that stands in the tables. */
function contentOf(folder: string): unknown {
  const db = new Database(join(folder, "catalog.db"), { readonly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    return tables.map((table) => db.prepare(`SELECT * FROM "${table}"`).raw().all());
  } finally {
    db.close();
  }
}

/** What looks like another version's cannot be checked, and is not called sound. */
async function isSound(folder: string): Promise<boolean> {
  try {
    return (await verifyFolder(folder, {})).ok;
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(FORMAT_TOO_NEW|READ_ONLY)$/) });
    return false;
  }
}

test("a flipped bit is found, or changed nothing", async () => {
  const whole = contentOf(damaged(() => {}));
  const random = new TestRandom(11);
  const used = [...catalog.keys()].filter((at) => catalog[at] !== 0);
  const draw = (below: number): number => Buffer.from(random.bytes(4)).readUInt32LE() % below;
  let found = 0;
  for (let round = 0; round < 60; round++) {
    const at = used[draw(used.length)] as number;
    const folder = damaged((bytes) => {
      bytes[at] = (bytes[at] as number) ^ (1 << draw(8));
    });
    if (await isSound(folder)) expect(contentOf(folder), `at ${at}`).toEqual(whole);
    else found += 1;
  }
  // The test would prove nothing if most bits were read by nobody.
  expect(found).toBeGreaterThan(30);
});
