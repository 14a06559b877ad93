// Proves with real processes that a kill -9 in the middle of mapping organizations is made up for.
import { writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { openInstance } from "../../src/index.ts";
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
