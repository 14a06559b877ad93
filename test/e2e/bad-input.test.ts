// Proves what a person gets for bad input and bad circumstances: a sentence, a code, a hint and the
// right exit code; never a stack trace, never a damaged instance.
import { cpSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { ImportReport } from "../../src/instance/instance.ts";
import { demoLines, testFolder, writeLargeDump } from "./folder.ts";
import { type Result, serve, shell, syncline } from "./syncline.ts";

const path = testFolder();
const a = path("a");

beforeAll(async () => {
  writeFileSync(path("dump.jsonl"), demoLines());
  const made = "syncline init a && syncline -C a import dump.jsonl";
  expect(await shell(made, path("."))).toMatchObject({ code: 0, stderr: "" });
});

/** An error for people on stderr, the same as a document on stdout. */
function expectError({ code, stdout, stderr }: Result, exit: number, error: string): void {
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: error } });
  expect(stderr).toMatch(new RegExp(`^error: .* \\[${error}\\]\n(  (at|hint:) .*\n)*$`));
  expect(code).toBe(exit);
}

describe("folders", () => {
  test("an instance is found from a folder inside it, and by $SYNCLINE_DIR", async () => {
    const inside = await shell("mkdir -p a/x/y && cd a/x/y && syncline status", path("."));
    expect(inside).toMatchObject({ code: 0, stderr: "" });
    const named = await syncline(["status"], { env: { SYNCLINE_DIR: a } });
    expect(named).toEqual(inside);
  });

  test("init where an instance is, and where a file is in the way", async () => {
    expectError(await syncline(["init", a, "--json"]), 1, "INSTANCE_EXISTS");
    const { code, stderr } = await syncline(["init", path("dump.jsonl/x")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*\n/);
  });

  test("a folder without permission", async () => {
    await shell("mkdir closed && chmod 500 closed", path("."));
    // Modes do not stop root; the kernel's own file system does.
    const folder = process.getuid?.() === 0 ? "/sys/syncline" : path("closed/x");
    expectError(await syncline(["init", folder, "--json"]), 1, "NO_PERMISSION");
  });
});

describe("imports", () => {
  const lines = [
    '{"name":"good-one","title":"G"}',
    "{not json",
    '{"name":"good-two"}',
    '{"name":7}',
  ];

  test("bad lines are refused and named, the others stored: exit 4", async () => {
    const input = `${lines.join("\n")}\n`;
    const { code, stdout, stderr } = await syncline(["-C", a, "import", "-", "--json"], { input });
    const report = JSON.parse(stdout) as ImportReport;
    expect({ code, stderr }).toEqual({ code: 4, stderr: "" });
    expect(report).toMatchObject({ lines: 4, created: 2, refusedTotal: 2 });
    expect(report.refused.map(({ line, code: each }) => [line, each])).toEqual([
      [2, "INVALID_JSON"],
      [4, "INVALID_OBJECT"],
    ]);
    const people = await syncline(["-C", a, "import", "-"], { input });
    expect(people.code).toBe(4);
    expect(people.stderr).toMatch(/^refused standard input:2: .* \[INVALID_JSON\]\n/);
  });

  test("--strict stops at the first bad line: exit 1", async () => {
    const result = await syncline(["-C", a, "import", "-", "--strict", "--json"], {
      input: lines.slice(1).join("\n"),
    });
    expectError(result, 1, "INVALID_JSON");
    expect(result.stderr).toContain("at standard input:1");
  });

  test("a gzip file that ends early: what came before is stored, exit 1", async () => {
    const packed = gzipSync(demoLines().replaceAll('"name":"', '"name":"cut-'));
    writeFileSync(path("cut.gz"), packed.subarray(0, packed.length - 200));
    expectError(
      await syncline(["-C", a, "import", path("cut.gz"), "--json"]),
      1,
      "TRUNCATED_INPUT",
    );
    writeFileSync(path("whole"), packed);
    const whole = await syncline(["-C", a, "import", path("whole")]);
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    expect(whole.stdout).toMatch(/^imported 55 lines: \d+ created, 0 changed, [1-9]\d* unchanged/);
  });

  test("no file, a folder, a type that is none", async () => {
    const files = [path("none.jsonl"), path(".")];
    const [none, folder] = await Promise.all(
      files.map((file) => syncline(["-C", a, "import", file, "--json"])),
    );
    expectError(none as Result, 1, "FILE_NOT_FOUND");
    expectError(folder as Result, 1, "FILE_NOT_READABLE");
    const type = await syncline(["-C", a, "import", "-", "--type", "planet", "--json"]);
    expectError(type, 1, "UNKNOWN_TYPE");
  });

  test("a full disk: nothing is damaged, and the import can be taken up", async () => {
    writeLargeDump(path("large.jsonl"), 3000);
    const full = await shell(
      "syncline init full && (ulimit -f 1500; syncline -C full import large.jsonl --json)",
      path("."),
    );
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(/^error: .* \[DISK_FULL\]\n/m);
    const after = await shell(
      "syncline -C full verify && syncline -C full import large.jsonl",
      path("."),
    );
    expect(after).toMatchObject({ code: 0, stderr: "" });
    expect(after.stdout).toContain("imported 3,000 lines");
  });
});

describe("serving and syncing", () => {
  test("a taken port, a second server on one folder, and another address", async () => {
    const server = await serve(a);
    const port = new URL(server.url).port;
    await syncline(["init", path("b")]);
    const [taken, second, open] = await Promise.all([
      syncline(["-C", path("b"), "serve", "--port", port, "--json"]),
      syncline(["-C", a, "serve", "--port", "0", "--json"]),
      syncline(["-C", path("b2"), "serve", "--host", "0.0.0.0", "--json"]),
    ]);
    expectError(taken, 1, "PORT_IN_USE");
    expectError(second, 1, "INSTANCE_BUSY");
    expect(second.stderr).toContain(server.url);
    expect(open.code).toBe(1);
    // Killed, it leaves its serve file behind; the folder is free all the same.
    await server.stop("SIGKILL");
    const again = await syncline(["-C", a, "import", path("dump.jsonl")]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(existsSync(join(a, "serve.json"))).toBe(false);
  });

  test("a peer that is not Syncline, one that is not there, one with the same identity", async () => {
    const plain = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as AddressInfo;
    cpSync(a, path("copy"), { recursive: true });
    rmSync(path("copy/serve.json"), { force: true });
    const copy = await serve(path("copy"));
    const results = await shell(
      `syncline -C a link add plain http://127.0.0.1:${port} --direction pull
       syncline -C a link add gone http://127.0.0.1:1 --direction pull
       syncline -C a link add copy ${copy.url} --direction pull
       for link in plain gone copy; do syncline -C a sync $link; echo exit $?; done`,
      path("."),
    );
    plain.close();
    await copy.stop();
    expect(results.stdout.match(/^exit \d+$/gm)).toEqual(["exit 1", "exit 1", "exit 1"]);
    expect(results.stdout.match(/^\w+: (failed|refused), nothing/gm)).toHaveLength(3);
    expect(
      results.stderr.match(/^error: .*$/gm)?.map((line) => line.match(/\[(\w+)\]$/)?.[1]),
    ).toEqual(["NOT_A_PEER", "CONNECT_FAILED", "SAME_IDENTITY"]);
  });

  test("links with a wrong scope, that exist, that do not", async () => {
    writeFileSync(path("scope.json"), '{"types":["package","pakage"]}');
    const scoped = ["link", "add", "some", "http://127.0.0.1:1", "--direction", "pull", "--scope"];
    const wrong = await syncline(["-C", a, ...scoped, path("scope.json"), "--json"]);
    expectError(wrong, 1, "INVALID_SCOPE");
    expect(wrong.stderr).toContain("scope.json /types/1");
    const pulled = await syncline([
      "-C",
      a,
      "link",
      "add",
      "one",
      "http://127.0.0.1:1",
      "--direction",
      "pull",
    ]);
    expect(pulled.code).toBe(0);
    const again = ["-C", a, "link", "add", "one", "http://127.0.0.1:1", "--direction", "pull"];
    expectError(await syncline([...again, "--json"]), 1, "LINK_EXISTS");
    expectError(await syncline(["-C", a, "sync", "none", "--json"]), 1, "LINK_NOT_FOUND");
    expectError(await syncline(["-C", a, "link", "remove", "none", "--json"]), 1, "LINK_NOT_FOUND");
  });
});

test("output that nobody reads to its end is no failure", async () => {
  const { code, stderr } = await shell("set -o pipefail; syncline -C a log | head -1", path("."));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
