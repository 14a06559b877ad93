// Proves what a folder needs to be an instance, that one process writes at a time, and that a
// killed one leaves nothing that has to be cleaned up.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import { fileError } from "../../src/instance/folder/file-errors.ts";
import { findInstance } from "../../src/instance/folder/find-instance.ts";
import { lockFolder } from "../../src/instance/folder/lock.ts";
import {
  readServeFile,
  removeServeFile,
  writeServeFile,
} from "../../src/instance/folder/serve-file.ts";
import { createInstance, openInstance } from "../../src/instance/open-instance.ts";
import { repositoryRoot, temporaryFolder } from "../toolchain/temporary-folder.ts";
import { by, lines, newInstance } from "./instances.ts";

describe("a folder", () => {
  test("is made with what leads to it, and found from below", async () => {
    const base = temporaryFolder({});
    const folder = join(base, "x", "y");
    const instance = await createInstance(folder, { name: "Tokyo" });
    expect(instance.identity).toMatchObject({ name: "Tokyo" });
    await instance.close();
    mkdirSync(join(folder, "deep", "down"), { recursive: true });
    expect(findInstance(join(folder, "deep", "down"))).toBe(folder);
    expect(findInstance(folder)).toBe(folder);
    expect(() => findInstance(base)).toThrow(expect.objectContaining({ code: "NOT_AN_INSTANCE" }));
  });

  test("once closed is its catalog alone in one file, beside what can be made again", async () => {
    const { instance, folder } = await newInstance();
    await instance.import(lines({ name: "a" }), by);
    await instance.close();
    const files = ["catalog.db", "continuity.json", "lock.db", "search.db"];
    expect(readdirSync(folder).sort()).toEqual(files);
  });

  test("is refused when it holds an instance, holds none, or is not there", async () => {
    const { instance, folder } = await newInstance();
    const again = createInstance(folder, { name: "b" });
    await expect(again).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
    await instance.close();
    const empty = temporaryFolder({});
    await expect(openInstance(empty)).rejects.toMatchObject({ code: "NOT_AN_INSTANCE" });
    const missing = join(empty, "missing");
    await expect(openInstance(missing)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    writeFileSync(join(empty, "catalog.db"), "something else entirely");
    for (const options of [{}, { readOnly: true }]) {
      const refused = openInstance(empty, options);
      const code = expect.stringMatching(/^(NOT_AN_INSTANCE|STORE_CORRUPT)$/);
      await expect(refused).rejects.toMatchObject({ code });
    }
  });

  test("that could not be finished can be made again", async () => {
    const folder = temporaryFolder({ "catalog.db.new": "half", "catalog.db.new-wal": "half" });
    const instance = await createInstance(folder, { name: "a" });
    expect((await instance.status()).head.lsn).toBe(0);
    await instance.close();
  });

  test.each(["", "  ", "a\nb", "x".repeat(65)])("has no name like %j", async (name) => {
    const folder = join(temporaryFolder({}), "x");
    await expect(createInstance(folder, { name })).rejects.toMatchObject({ code: "USAGE" });
  });

  test("without permission is refused as that", async ({ skip }) => {
    skip(process.getuid?.() === 0, "root may write everywhere");
    const folder = temporaryFolder({});
    chmodSync(folder, 0o500);
    await expect(createInstance(folder, { name: "a" })).rejects.toMatchObject({
      code: "NO_PERMISSION",
    });
    const below = createInstance(join(folder, "x"), { name: "a" });
    await expect(below).rejects.toMatchObject({ code: "NO_PERMISSION" });
  });
});

test.each([
  ["EACCES", "NO_PERMISSION"],
  ["EPERM", "NO_PERMISSION"],
  ["EROFS", "NO_PERMISSION"],
  ["ENOENT", "FILE_NOT_FOUND"],
  ["ENOSPC", "DISK_FULL"],
  ["EIO", "STORE_IO"],
])("what the file system calls %s is %s", (system, code) => {
  const cause = Object.assign(new Error(system), { code: system });
  expect(fileError(cause, "/data")).toMatchObject({ code, where: "/data", cause });
});

test("other errors stay what they are", () => {
  for (const error of [new Error("x"), new SynclineError("CLOSED", "x"), "x"]) {
    expect(fileError(error, "/data")).toBe(error);
  }
});

describe("writing", () => {
  test("is for one at a time; the second hears who has it", async () => {
    const { instance, folder } = await newInstance();
    await expect(openInstance(folder)).rejects.toMatchObject({
      code: "INSTANCE_BUSY",
      retriable: true,
      message: expect.stringContaining("another process"),
    });
    writeServeFile(folder, { url: "http://127.0.0.1:7300", pid: 4711, token: "t" });
    await expect(openInstance(folder)).rejects.toMatchObject({
      code: "INSTANCE_BUSY",
      message: expect.stringContaining("http://127.0.0.1:7300"),
      hint: expect.stringContaining("4711"),
    });
    await instance.close();
    const next = await openInstance(folder);
    // Who has the lock now did not write that file: the one that did was killed.
    expect(readServeFile(folder)).toBeUndefined();
    await next.close();
  });

  test("a killed process holds nothing, and what it had stored is there", async () => {
    const folder = join(temporaryFolder({}), "x");
    const source = JSON.stringify(join(repositoryRoot, "src/index.ts"));
    const script = `
      const { createInstance } = await import(${source});
      const instance = await createInstance(${JSON.stringify(folder)}, { name: "x" });
      await instance.create("package", { name: "kept" }, { author: "ada" });
      process.stdout.write("ready");
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await expect(openInstance(folder)).rejects.toMatchObject({ code: "INSTANCE_BUSY" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const instance = await openInstance(folder);
    onTestFinished(() => instance.close());
    expect((await instance.get("package/kept")).name).toBe("kept");
    expect((await instance.verify()).ok).toBe(true);
  });
});

describe("a lock file", () => {
  const garbage = "no database, and longer than the header of one is".repeat(50);

  test.each([
    ["is empty", ""],
    ["is short", "x"],
    ["is no database", garbage],
    ["has the beginning of one", `SQLite format 3\0${garbage}`],
  ])("that %s is taken all the same, by one", async (_what, text) => {
    const { instance, folder } = await newInstance();
    await instance.close();
    writeFileSync(join(folder, "lock.db"), text);
    const next = await openInstance(folder);
    onTestFinished(() => next.close());
    await expect(openInstance(folder)).rejects.toMatchObject({ code: "INSTANCE_BUSY" });
    // What another process writes into it meanwhile ends no lock.
    execFileSync("cp", [join(temporaryFolder({ text }), "text"), join(folder, "lock.db")]);
    expect(await lockedByOthers(folder, 1)).toEqual(["INSTANCE_BUSY"]);
  });

  test("that several find damaged at once is taken by one of them", async () => {
    const folder = temporaryFolder({ "lock.db": garbage });
    const outcomes = await lockedByOthers(folder, 4);
    expect(outcomes.sort()).toEqual(["INSTANCE_BUSY", "INSTANCE_BUSY", "INSTANCE_BUSY", "locked"]);
  });

  test("that is no file is named, with what to do", async () => {
    const folder = temporaryFolder({ "lock.db/x": "" });
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({
        code: "STORE_IO",
        where: join(folder, "lock.db"),
        hint: expect.stringContaining("take away"),
      }),
    );
  });
});

/** What other processes hear that lock a folder at the same time, and hold it until all have. */
async function lockedByOthers(folder: string, count: number): Promise<string[]> {
  const source = JSON.stringify(join(repositoryRoot, "src/instance/folder/lock.ts"));
  const script = `
    const { lockFolder } = await import(${source});
    process.stdin.once("data", () => {
      try {
        globalThis.held = lockFolder(${JSON.stringify(folder)});
        console.log("locked");
      } catch (error) {
        console.log(error.code);
      }
    });
    console.log("ready");
  `;
  const children = Array.from({ length: count }, () => {
    const args = ["--input-type=module-typescript", "-e", script];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  });
  const says = (child: (typeof children)[number]): Promise<string> =>
    once(child.stdout, "data").then(([text]) => String(text).trim());
  await Promise.all(children.map(says));
  for (const child of children) child.stdin.write("go");
  return Promise.all(children.map(says));
}

describe("reading only", () => {
  test("goes on beside a writer, sees its commits, and changes nothing", async () => {
    const { instance, folder } = await newInstance();
    const reader = await openInstance(folder, { readOnly: true });
    onTestFinished(() => reader.close());
    await instance.create("package", { name: "new", notes: "Sea" }, by);
    expect((await reader.get("package/new")).name).toBe("new");
    expect((await reader.search({ text: "sea", limit: 5 })).total).toBe(1);
    expect((await reader.status()).head.lsn).toBe(1);
    for (const write of [
      () => reader.create("package", { name: "b" }, by),
      () => reader.delete("package/new", by),
      () => reader.addLink({ name: "l", url: "http://127.0.0.1:1", direction: "pull" }),
      () => reader.importRevisions(lines("{}")),
    ]) {
      await expect(write()).rejects.toMatchObject({ code: "READ_ONLY" });
    }
  });

  test("whoever reads on while a writer closes leaves the next one no doubt who writes", async () => {
    const { instance, folder } = await newInstance();
    const reader = await openInstance(folder, { readOnly: true });
    onTestFinished(() => reader.close());
    await instance.create("package", { name: "a" }, by);
    await instance.close();
    const next = await openInstance(folder);
    onTestFinished(() => next.close());
    expect((await next.whoami()).former).toEqual([]);
  });

  test("what is closed says so, and closing twice is closing", async () => {
    const { instance } = await newInstance();
    await Promise.all([instance.close(), instance.close()]);
    await expect(instance.get("package/a")).rejects.toMatchObject({ code: "CLOSED" });
    const create = instance.create("package", { name: "a" }, by);
    await expect(create).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("the serve file", () => {
  const serve = { url: "http://127.0.0.1:7300", pid: 11, token: "secret" };

  test("is for its owner's eyes, replaced whole, and removed by its own process only", () => {
    const folder = temporaryFolder({});
    expect(readServeFile(folder)).toBeUndefined();
    writeServeFile(folder, { ...serve, pid: 10 });
    writeServeFile(folder, serve);
    expect(readServeFile(folder)).toEqual(serve);
    expect(statSync(join(folder, "serve.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["serve.json"]);
    removeServeFile(folder, 10);
    expect(readServeFile(folder)).toEqual(serve);
    removeServeFile(folder, 11);
    expect(readdirSync(folder)).toEqual([]);
    removeServeFile(folder, 11);
  });

  test("of a folder that was copied meanwhile is not the copy's", async () => {
    const { instance, folder } = await newInstance();
    writeServeFile(folder, serve);
    const [copy, moved] = [`${folder}-copy`, `${folder}-moved`];
    cpSync(folder, copy, { recursive: true });
    await instance.close();
    expect(readServeFile(copy)).toBeUndefined();
    renameSync(folder, moved);
    expect(readServeFile(moved)).toEqual(serve);
  });

  test.each(["", "null", "[]", '{"url":1}', "{"])("that reads %j is none", (text) => {
    expect(readServeFile(temporaryFolder({ "serve.json": text }))).toBeUndefined();
  });
});

test("a backup is an instance of its own folder with the same content", async () => {
  const { instance, folder } = await newInstance();
  await instance.import(lines({ name: "a", tags: [{ name: "t" }] }), by);
  const target = `${join(temporaryFolder({}), "copy")}/`;
  await instance.backup(target);
  await expect(instance.backup(target)).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
  await expect(instance.backup(folder)).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
  const copy = await openInstance(target);
  onTestFinished(() => copy.close());
  const [there, here] = [await copy.status(), await instance.status()];
  // What is authored in a copy is another actor's.
  expect(there.instance.epoch).not.toBe(here.instance.epoch);
  expect({ ...there, instance: here.instance }).toEqual(here);
  expect((await copy.search({ text: "a", limit: 5 })).total).toBe(1);
  expect((await copy.verify()).ok).toBe(true);
});

test("where the system makes no folders, that is said at once", async () => {
  const opening = openInstance("/proc/nowhere/a", { create: { name: "a" } });
  await expect(opening).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});
