// Proves with real processes what a link does that drops what leaves its scope: what a person types and
// reads, that no word of it stays in the folder, that it comes again whole, and that a live link drops.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { RunRow } from "../../src/store/rows.ts";
import { testFolder } from "./folder.ts";
import { type Result, type Server, serve, shell, syncline } from "./syncline.ts";

/** Many processes, each of which takes its time on a busy machine. */
const TIMEOUT_MS = 300_000;
const whole = testFolder();
/** Each test has a folder of its own. */
let own = 0;
const path = (name: string): string => whole(`${own}/${name}`);
const servers: Server[] = [];
const SECRET = "blackcurrant";

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
});

const a = (...args: string[]): Promise<Result> => syncline(["-C", path("a"), ...args]);
const b = (...args: string[]): Promise<Result> => syncline(["-C", path("b"), ...args]);

async function ok(result: Promise<Result>): Promise<string> {
  const { code, stdout, stderr } = await result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("error:") });
  return stdout;
}

const json = async (result: Promise<Result>): Promise<Record<string, unknown>> =>
  JSON.parse(await ok(result));

async function pair(): Promise<void> {
  own += 1;
  mkdirSync(path("."));
  const packages = [1, 2].map((n) => {
    return {
      name: `p${n}`,
      title: `Title ${n}`,
      notes: `${SECRET}-${n}`,
      groups: [{ name: "parks" }],
    };
  });
  const lines = packages.map((line) => `${JSON.stringify(line)}\n`).join("");
  writeFileSync(path("a.jsonl"), lines);
  writeFileSync(path("scope.json"), '{"types":["package"]}');
  const made = "syncline init a && syncline -C a import a.jsonl && syncline init b";
  expect((await shell(made, path("."))).code).toBe(0);
  const server = await serve(path("a"));
  servers.push(server);
  const link = ["hq", server.url, "--direction", "pull", "--scope", path("scope.json")];
  await ok(b("link", "add", ...link, "--on-leave", "drop"));
  await ok(b("sync", "hq"));
}

const leave = (): Promise<string> => ok(a("edit", "package/p1", "--set", "/private=true"));
const enter = (): Promise<string> => ok(a("edit", "package/p1", "--set", "/private=false"));

/** All bytes of a folder's files. */
function bytesOf(folder: string): string {
  return readdirSync(path(folder))
    .map((file) => readFileSync(path(`${folder}/${file}`)).toString("latin1"))
    .join("");
}

test("what leaves is dropped, and comes again whole", { timeout: TIMEOUT_MS }, async () => {
  await pair();
  expect(await ok(b("search", `${SECRET}-1`))).toContain("p1");
  await leave();
  const rehearsed = await ok(b("sync", "hq", "--dry-run"));
  expect(rehearsed).toContain("would be dropped, having left the scope: 1 object\n    package/p1");
  expect(await ok(b("sync", "hq"))).toContain("dropped 1 object");
  expect((await b("show", "package/p1")).code).toBe(1);
  expect(await ok(b("search", `${SECRET}-1`))).not.toContain("p1");
  expect(await ok(b("log", "--json"))).not.toContain(`${SECRET}-1`);
  await ok(b("verify"));
  expect(bytesOf("b")).not.toContain(`${SECRET}-1`);
  expect(bytesOf("b")).toContain(`${SECRET}-2`);
  await enter();
  await ok(b("sync", "hq"));
  expect(await ok(b("search", `${SECRET}-1`))).toContain("p1");
  expect((await ok(b("log", "package/p1", "--json"))).trim().split("\n")).toHaveLength(3);
  await ok(b("verify"));
});

test("a link that keeps says what left; too much is held", { timeout: TIMEOUT_MS }, async () => {
  await pair();
  await ok(b("link", "set", "hq", "--on-leave", "keep"));
  await leave();
  await ok(b("sync", "hq"));
  expect(await json(b("status", "--json"))).toMatchObject({ departed: 1 });
  expect(await ok(b("status"))).toContain("1 object left a link's scope");
  expect(await ok(b("show", "package/p1"))).toContain("left its link at the peer");
  await ok(b("link", "set", "hq", "--on-leave", "drop", "--max-removals", "0"));
  expect(await ok(b("link", "show", "hq"))).toContain("what leaves the scope is dropped");
  const held = await b("sync", "hq", "--json");
  const { runs } = JSON.parse(held.stdout) as { runs: [RunRow] };
  expect([held.code, runs[0].outcome, runs[0].error?.code]).toEqual([1, "held", "REMOVALS_HELD"]);
  const agreed = await json(b("sync", "hq", "--accept-removals", "--json"));
  expect(agreed).toMatchObject({ runs: [{ outcome: "ok", left: { dropped: 1, kept: 0 } }] });
  expect(await json(b("status", "--json"))).toMatchObject({ departed: 0 });
});

test("a live link drops while it is served", { timeout: TIMEOUT_MS }, async () => {
  await pair();
  await ok(b("link", "set", "hq", "--mode", "live"));
  servers.push(await serve(path("b")));
  await leave();
  await expect.poll(async () => (await b("show", "package/p1")).code, { timeout: 60_000 }).toBe(1);
  await enter();
  await expect.poll(async () => (await b("show", "package/p1")).code, { timeout: 60_000 }).toBe(0);
});
