// Proves the mapping of organizations with real processes: what a person types and reads, through a
// server too, and that a kill -9 in the middle of it is made up for.
import { writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { openInstance } from "../../src/index.ts";
import type { RunRow } from "../../src/store/rows.ts";
import { testFolder } from "./folder.ts";
import { type Result, type Server, serve, shell, start, syncline } from "./syncline.ts";

/** Many processes, each of which takes its time on a busy machine. */
const TIMEOUT_MS = 300_000;
const path = testFolder();
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
});

/** A serves packages of two organizations; `name` and `packages` make a dump of its own. */
async function peer(name: string, packages: readonly object[]): Promise<Server> {
  const organizations = ["harbor-board", "railways"].map((one) => ({
    ...{ name: one, title: one, is_organization: true },
  }));
  const lines = [...organizations, ...packages].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(path(`${name}.jsonl`), lines.join(""));
  const made = `syncline init ${name} && syncline -C ${name} import ${name}.jsonl`;
  expect((await shell(made, path("."))).code).toBe(0);
  const server = await serve(path(name));
  servers.push(server);
  return server;
}

async function follower(name: string): Promise<(...args: string[]) => Promise<Result>> {
  const made = `syncline init ${name} && echo '{"name":"harbor"}' | syncline -C ${name} create organization -`;
  expect((await shell(made, path("."))).code).toBe(0);
  return (...args) => syncline(["-C", path(name), ...args]);
}

const runIn = ({ stdout }: Result): RunRow => (JSON.parse(stdout) as { runs: [RunRow] }).runs[0];

async function ownerOf(b: (...args: string[]) => Promise<Result>, name: string): Promise<string> {
  const { stdout } = await b("show", `package/${name}`, "--json");
  const { document } = JSON.parse(stdout) as { document: { owner_org: string } };
  const shown = await b("show", document.owner_org, "--json");
  return (JSON.parse(shown.stdout) as { name: string }).name;
}

test("a link maps, refuses and learns, and says what it did", { timeout: TIMEOUT_MS }, async () => {
  const server = await peer("a", [
    { name: "quay", title: "Quay", owner_org: "harbor-board" },
    { name: "trains", title: "Trains", owner_org: "railways" },
  ]);
  const b = await follower("b");
  const add = ["link", "add", "hq", server.url, "--direction"];
  const pair = ["--map-organization", "harbor-board=harbor"];
  expect(await b(...add, "both", ...pair)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/would travel back/),
  });
  expect(await b(...add, "pull", ...pair, "--unmapped", "refuse")).toMatchObject({ code: 0 });
  expect(await b("sync", "--dry-run")).toMatchObject({
    code: 4,
    stdout: expect.stringContaining("would be refused: 1 record"),
  });
  const first = await b("sync", "--json");
  expect(first.code).toBe(4);
  expect(runIn(first)).toMatchObject({
    outcome: "ok",
    refused: [{ code: "ORGANIZATION_UNMAPPED" }],
  });
  expect(await ownerOf(b, "quay")).toBe("harbor");
  expect(await b("show", "package/trains")).toMatchObject({ code: 1 });
  const log = (await b("log", "package/quay")).stdout;
  expect(log).toMatch(/link hq/);
  expect(log).toMatch(/map organization harbor-board to harbor on 1 package/);
  expect((await b("link", "show", "hq")).stdout).toMatch(
    /maps +harbor-board to harbor, others: refuse/,
  );

  // By a server, which holds the folder of B.
  servers.push(await serve(path("b")));
  expect(await b("link", "map", "hq", "--map-organization", "railways=harbor")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("syncline sync hq"),
  });
  const second = await b("sync", "--json");
  expect(second.code).toBe(0);
  expect(runIn(second)).toMatchObject({ outcome: "ok", received: { revisions: 1 }, refused: [] });
  expect(await ownerOf(b, "trains")).toBe("harbor");
  expect(
    await syncline(["-C", path("a"), "edit", "package/quay", "--set", "/title=Old quay"]),
  ).toMatchObject({ code: 0 });
  expect((await b("sync")).code).toBe(0);
  expect((await b("show", "package/quay")).stdout).toContain("Old quay");
  expect(await ownerOf(b, "quay")).toBe("harbor");
  const { stdout } = await b("status", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ conflicts: { open: 0 }, quarantined: 0 });
  expect((await b("verify")).stdout).toMatch(/^sound: /);
});

test("kill -9 amid the mapping: the next sync maps the rest", { timeout: TIMEOUT_MS }, async () => {
  const many = 1500;
  const packages = Array.from({ length: many }, (_, i) => {
    return { name: `berth-${i}`, title: `Berth ${i}`, owner_org: "harbor-board" };
  });
  const server = await peer("c", packages);
  const d = await follower("d");
  const link = ["link", "add", "hq", server.url, "--direction", "pull"];
  expect((await d(...link, "--map-organization", "harbor-board=harbor")).code).toBe(0);

  const running = start(["-C", path("d"), "sync"]);
  const reader = await openInstance(path("d"), { readOnly: true });
  const stored = many + 3;
  try {
    // Everything came, and some of it is mapped.
    while ((await reader.store.head()).lsn <= stored) {
      if (running.child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  } finally {
    await reader.close();
  }
  running.child.kill("SIGKILL");
  await running.result;
  expect((await d("sync")).code).toBe(0);
  const instance = await openInstance(path("d"), { readOnly: true });
  try {
    const { id: harbor } = await instance.get("organization/harbor");
    let mapped = 0;
    for await (const line of instance.export()) {
      if ((JSON.parse(line) as { owner_org: string }).owner_org === harbor) mapped += 1;
    }
    expect(mapped).toBe(many);
    // Nothing was mapped twice.
    expect((await instance.status()).revisions).toBe(stored + many);
  } finally {
    await instance.close();
  }
});
