// Proves the founding timeline with two served folders and the commands that people type: a first
// sync, two edits and a renamed user at A, an edit at B, one sync that takes both ways, the same
// conflict printed byte for byte on both sides, a decision, and that decision on the other side.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConflictItem } from "../../src/instance/conflicts/conflict-item.ts";
import { testFolder } from "./folder.ts";
import { type Server, serve, syncline } from "./syncline.ts";

const path = testFolder();
const [a, b] = [path("A"), path("B")] as const;
const PKG1 = "package/pkg1";
const servers: Server[] = [];

async function said(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await syncline(["-C", folder, ...args]);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  return stdout;
}

async function title(): Promise<unknown> {
  return JSON.parse(await same("show", PKG1, "--json")).document.title;
}

function onBoth(...args: string[]): Promise<readonly [string, string]> {
  return Promise.all([said(a, ...args), said(b, ...args)]);
}

/** That a command prints the same, byte for byte, on both sides; returns that. */
async function same(...args: string[]): Promise<string> {
  const [here, there] = await onBoth(...args);
  expect(there).toBe(here);
  return here;
}

beforeAll(async () => {
  for (const [folder, name] of [
    [a, "A"],
    [b, "B"],
  ] as const) {
    expect((await syncline(["init", folder, "--name", name])).code).toBe(0);
    servers.push(await serve(folder));
  }
});

afterAll(async () => {
  for (const server of servers) expect(await server.stop()).toMatchObject({ code: 0, stderr: "" });
});

/** For some twenty processes, one after the other. */
const MS_MAX = 120_000;

test("the founding timeline, both ways", { timeout: MS_MAX }, async () => {
  const objects = '{"name":"pkg1","title":"Pump"}\n{"type":"user","name":"ann"}\n';
  const imported = await syncline(["-C", a, "import", "-"], { input: objects });
  expect(imported).toMatchObject({ code: 0, stderr: "" });
  await said(a, "link", "add", "B", servers[1]?.url as string, "--direction", "both");
  expect(await said(a, "sync")).toMatch(/^B: pushed 2 objects \(2 revisions\), /);
  expect(await title()).toBe("Pump");

  await said(a, "edit", PKG1, "--set", "/title=Pump station", "--by", "ann");
  await said(a, "edit", PKG1, "--set", "/title=Pumping station", "--by", "ann");
  await said(a, "rename", "user/ann", "ann-lee", "--by", "ann");
  await said(b, "edit", PKG1, "--set", "/title=Water pump", "--by", "ben");
  expect(await said(a, "sync")).toMatch(
    /^B: pulled 1 object \(1 revision\), pushed 2 objects \(3 revisions\), /,
  );
  expect(await title()).toBe("Water pump");

  const list = await same("conflicts", "list", "--json");
  const [conflict] = JSON.parse(list).conflicts as [ConflictItem];
  expect(conflict).toMatchObject({ path: "/title", base: "Pump", status: "open", rule: "newest" });
  const { id, candidates } = conflict;
  const pick = candidates.find(({ author }) => author === "ann")?.revision as string;
  await said(b, "conflicts", "resolve", id, "--pick", pick, "--by", "cara");
  expect(await said(a, "sync", "--fail-on-conflicts")).toMatch(/^B: pulled 1 object \(1 rev/);
  expect(await title()).toBe("Pumping station");
  expect(await said(a, "conflicts", "show", id)).toContain("decided by cara at B, ");

  const [ofA, ofB] = (await onBoth("status", "--json")).map((text) => JSON.parse(text));
  expect(ofB.digest).toBe(ofA.digest);
  expect(JSON.parse(await same("show", "user/ann-lee", "--json")).name).toBe("ann-lee");
});
