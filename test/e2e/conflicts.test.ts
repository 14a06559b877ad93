// Proves that two served folders which disagree say so in the exit code of a sync, and that a curator
// decides for both, through the processes that serve.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConflictItem } from "../../src/instance/conflicts/conflict-item.ts";
import { testFolder } from "./folder.ts";
import { type Server, serve, syncline } from "./syncline.ts";

const path = testFolder();
const hq = path("hq");
const branch = path("branch");
const servers: Server[] = [];

async function said(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await syncline(["-C", folder, ...args]);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  return stdout;
}

async function digest(folder: string): Promise<string> {
  return JSON.parse(await said(folder, "status", "--json")).digest;
}

beforeAll(async () => {
  for (const [folder, name] of [
    [hq, "hq"],
    [branch, "branch"],
  ] as const) {
    expect((await syncline(["init", folder, "--name", name])).code).toBe(0);
    servers.push(await serve(folder));
  }
  const [first, second] = servers as [Server, Server];
  await said(branch, "link", "add", "hq", first.url, "--direction", "pull");
  await said(hq, "link", "add", "branch", second.url, "--direction", "pull");
  const input = '{"name":"stops","title":"Stops"}';
  await syncline(["-C", hq, "create", "package", "-"], { input });
  await said(branch, "sync");
  await said(hq, "edit", "package/stops", "--set", "/title=Bus stops", "--by", "ann");
  await said(branch, "edit", "package/stops", "--set", "/title=Tram stops", "--by", "bob");
});

afterAll(async () => {
  for (const server of servers) expect(await server.stop()).toMatchObject({ code: 0, stderr: "" });
});

test("a sync fails on open conflicts where that is asked for, after its work is done", async () => {
  const asked = await syncline(["-C", branch, "sync", "--fail-on-conflicts", "--json"]);
  expect(asked.code).toBe(3);
  expect(asked.stderr).toBe(
    "conflicts are open; syncline conflicts list --status open shows them\n",
  );
  expect(JSON.parse(asked.stdout).runs).toMatchObject([{ outcome: "ok" }]);
  await said(branch, "sync");
});

test("a decision made through one server reaches the other, and no conflict is left", async () => {
  await said(hq, "sync");
  const json = await said(hq, "conflicts", "list", "--status", "open", "--json");
  expect(await said(branch, "conflicts", "list", "--status", "open", "--json")).toBe(json);
  const [{ id, candidates }] = JSON.parse(json).conflicts as [ConflictItem];
  const pick = candidates.find(({ author }) => author === "ann")?.revision as string;
  await said(hq, "conflicts", "resolve", id, "--pick", pick, "--by", "cy");
  await said(branch, "sync", "--fail-on-conflicts");
  expect(await said(branch, "show", "package/stops")).toContain('"title": "Bus stops"');
  expect(await said(branch, "conflicts", "show", id)).toContain("decided by cy at hq, ");
  expect(await digest(branch)).toBe(await digest(hq));
});

test("many decisions, a policy, a purge and a shun go through the server too", async () => {
  const many = await said(hq, "conflicts", "resolve", "--take", "newest");
  expect(many).toBe("decided 0 conflicts\n");
  const policy = await syncline(["-C", hq, "policy", "set", "-"], {
    input: JSON.stringify({
      ...JSON.parse(await said(hq, "policy", "show", "--json")),
      deletes: "delete-wins",
    }),
  });
  expect(policy.stdout).toMatch(/^policy set, hash [0-9a-f]{16}\n$/);
  expect(await said(branch, "shun", "package/stops")).toMatch(/^shunned package\/stops/);
  expect(await said(hq, "purge", "package/stops", "--message", "w")).toMatch(/^purged package\//);
  const { purged, shunned } = JSON.parse(await said(branch, "status", "--json"));
  expect({ purged, shunned }).toEqual({ purged: 0, shunned: 1 });
});
