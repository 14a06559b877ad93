// Proves live links with real processes: an edit at one server is at the other without anybody
// running a sync, a peer that goes and comes back is connected to again, links that are added while
// serving run at once, and `sync --watch` says what happens, a line each.
import { once } from "node:events";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { StatusView } from "../../src/instance/instance.ts";
import { until } from "../sync/live-world.ts";
import { testFolder } from "./folder.ts";
import { type Server, serve, start, syncline } from "./syncline.ts";

// Each of these starts several processes.
vi.setConfig({ testTimeout: 90_000 });

const path = testFolder();
const [a, b] = [path("a"), path("b")];
const servers: Server[] = [];
let [hq, branch]: [Server | undefined, Server | undefined] = [undefined, undefined];

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await syncline(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** Asked of the server, which takes less than a process of its own. */
async function statusOf(server: Server | undefined): Promise<StatusView> {
  const answer = await fetch(`${server?.url}/api/v1/status`);
  return (await answer.json()) as StatusView;
}

async function served(folder: string, port?: number): Promise<Server> {
  const server = await serve(folder, port);
  servers.push(server);
  return server;
}

const portOf = (server: Server | undefined): number => Number(new URL(server?.url ?? "").port);

/** Waits until both folders hold the same. */
async function inStep(): Promise<void> {
  await until(async () => (await statusOf(hq)).digest === (await statusOf(branch)).digest, 20_000);
}

beforeAll(async () => {
  for (const [folder, name] of [[a, "hq"] as const, [b, "branch"] as const]) {
    await run("init", folder, "--name", name);
  }
  const created = await syncline(["-C", a, "create", "package", "-"], {
    input: '{"name":"pumps","title":"Pumps"}',
  });
  expect(created.code).toBe(0);
  hq = await served(a);
  branch = await served(b);
});

afterAll(async () => {
  for (const server of servers) await server.stop();
});

const edit = (folder: string, title: string): Promise<string> =>
  run("-C", folder, "edit", "package/pumps", "--set", `/title=${title}`);

test("a live link that is added while serving carries at once, both ways, and says so", async () => {
  const url = hq?.url as string;
  const link = ["hq", url, "--direction", "both", "--mode", "live"];
  await run("-C", b, "link", "add", ...link);
  await inStep();
  await edit(a, "Pumpen");
  await inStep();
  await edit(b, "Pompes");
  await inStep();
  expect(await run("-C", a, "show", "package/pumps")).toContain("Pompes");
  const { links, attention } = await statusOf(branch);
  expect(links[0]).toMatchObject({ mode: "live", state: "connected", lag: { revisions: 0 } });
  expect(attention).toEqual([]);
  expect(await run("-C", b, "status")).toMatch(/hq +both +connected +no +now/);
});

test("a peer that was killed and comes back is in step again", async () => {
  const port = portOf(hq);
  await hq?.stop("SIGKILL");
  await until(async () => (await statusOf(branch)).links[0]?.state === "back-off", 20_000);
  await edit(b, "while it was away");
  expect((await statusOf(branch)).links[0]?.lag.revisions).toBeGreaterThan(0);
  hq = await served(a, port);
  await inStep();
  await until(async () => (await statusOf(branch)).links[0]?.state === "connected", 20_000);
});

test("watching prints what happens, beside the server and without one, until Ctrl-C", async () => {
  const through = start(["-C", b, "sync", "hq", "--watch"]);
  await once(through.child.stdout, "data");
  await edit(a, "watched");
  await inStep();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  through.child.kill("SIGINT");
  const said = await through.result;
  expect(said.stdout).toMatch(/^\d\d:\d\d:\d\d hq: connected\n/);
  expect(said.stdout).toContain("hq: in step, pulled 1 object (1 revision)\n");

  expect((await branch?.stop())?.code).toBe(0);
  expect(await run("-C", b, "status")).toMatch(/hq +both +stopped +no/);
  const alone = start(["-C", b, "sync", "--watch", "--json"]);
  let lines = "";
  alone.child.stdout.on("data", (text: string) => {
    lines += text;
  });
  await once(alone.child.stdout, "data");
  await edit(a, "alone");
  await until(() => lines.includes('"revisions":1'), 20_000);
  alone.child.kill("SIGINT");
  const { code, stdout } = await alone.result;
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(events.map(({ event }) => event)).toEqual(
    expect.arrayContaining(["connected", "inStep", "ended"]),
  );
  expect(events.at(-1)).toMatchObject({ link: "hq", run: { outcome: "ok", link: "hq" } });
});

test("a link that is not there, and options that do not go with watching, are refused", async () => {
  const unknown = await syncline(["-C", b, "sync", "nobody", "--watch"]);
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  expect(unknown.stderr).toContain("[LINK_NOT_FOUND]");
  const wrong = await syncline(["-C", b, "sync", "hq", "--watch", "--accept-removals"]);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
});

test("a link that runs every second carries without anybody's doing", async () => {
  await run("-C", b, "link", "remove", "hq");
  await run(
    "-C",
    b,
    "link",
    "add",
    "timed",
    hq?.url as string,
    "--direction",
    "pull",
    "--mode",
    "every:1s",
  );
  branch = await served(b);
  await edit(a, "on time");
  await inStep();
  await until(async () => (await statusOf(branch)).links[0]?.state === "waiting", 20_000);
  await run("-C", b, "link", "remove", "timed");
  expect((await statusOf(branch)).links).toEqual([]);
});
