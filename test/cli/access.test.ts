// Proves how commands that write come by a folder that somebody else is writing in: they wait a
// moment for another command, go through a server that answers, and are not misled by one that
// was killed, whatever has its port now. And that what is mended on the way is said.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/base/ports/clock.ts";
import { openToServe, withWriter } from "../../src/cli/access.ts";
import type { Cli } from "../../src/cli/cli.ts";
import { writeServeFile } from "../../src/instance/folder/serve-file.ts";
import { ApiClient } from "../../src/server/client/api-client.ts";
import { answeringServer } from "../../src/server/client/open-remote-writer.ts";
import { startServer } from "../../src/server/start.ts";
import { newInstance } from "../instance/instances.ts";
import { run } from "./run.ts";

/** A command line in a folder, whose clock calls back each time it is asked. */
function cliIn(folder: string, asked: (times: number) => number): Cli {
  let times = 0;
  const clock = { ...systemClock, monotonicMs: () => asked(++times) };
  return { folder, clock, env: {}, cwd: "/" } as unknown as Cli;
}

const OPENINGS: readonly [string, (cli: Cli, folder: string) => Promise<void>][] = [
  ["a write", (cli) => withWriter(cli, async () => {})],
  ["serve", async (cli, folder) => (await openToServe(cli, folder)).close()],
];

test.each(OPENINGS)("%s waits until another command has ended", async (_what, open) => {
  const { instance, folder } = await newInstance();
  let closed: Promise<void> | undefined;
  // Asked a second time, it has found the folder taken once.
  const cli = cliIn(folder, (times) => {
    if (times === 2) closed = instance.close();
    return 0;
  });
  await open(cli, folder);
  expect(closed).toBeDefined();
});

test.each(OPENINGS)("%s gives up after a while", async (_what, open) => {
  const { folder } = await newInstance();
  const cli = cliIn(folder, (times) => times * 1e6);
  await expect(open(cli, folder)).rejects.toMatchObject({ code: "INSTANCE_BUSY" });
});

test("a write goes through the server that answers; a second server does not wait for it", async () => {
  const { instance, folder } = await newInstance();
  const server = await startServer({ instance, folder, host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  const hasty = (): Cli =>
    cliIn(folder, (times) => (times > 1 ? expect.unreachable("it waited") : 0));
  await withWriter(hasty(), async (writer) => {
    expect(await writer.create("package", { name: "a" }, { author: "ada" })).toMatchObject({
      revisions: [{ created: true }],
    });
  });
  await expect(openToServe(hasty(), folder)).rejects.toMatchObject({
    code: "INSTANCE_BUSY",
    message: expect.stringContaining(server.url),
  });
});

/** The address of a server that is none of ours. */
async function other(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  while (!server.listening) await turn();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ANSWERS: readonly [string, RequestListener][] = [
  ["answers with text", (_request, response) => response.end("hello")],
  ["answers with nothing", (_request, response) => response.end()],
  ["answers for another process", (_request, response) => response.end('{"ok":true,"pid":1}')],
  ["refuses", (_request, response) => response.writeHead(404).end("{}")],
  ["breaks off", (_request, response) => response.writeHead(200).write("x") && response.destroy()],
];

test.each(ANSWERS)(
  "a killed server's port where something %s is no server",
  async (_what, answer) => {
    const { instance, folder } = await newInstance();
    writeServeFile(folder, { url: await other(answer), pid: process.pid, token: "t" });
    expect(await answeringServer(folder)).toBeUndefined();
    let closed: Promise<void> | undefined;
    const cli = cliIn(folder, (times) => {
      if (times === 2) closed = instance.close();
      return 0;
    });
    await withWriter(cli, async (writer) => {
      expect(await writer.links()).toEqual([]);
    });
    expect(closed).toBeDefined();
  },
);

test("a damaged search index is mentioned beside the answer, and gone after the next write", async () => {
  const { instance, folder } = await newInstance();
  await instance.create("package", { name: "a", notes: "Sea" }, { author: "ada" });
  await instance.close();
  const db = new Database(join(folder, "search.db"));
  db.unsafeMode().exec("DELETE FROM text_data WHERE id > 10");
  db.close();
  const search = ["-C", folder, "search", "sea"];
  expect(await run(search)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("package/a"),
    stderr: "note: the search index was damaged: the next command that writes builds it anew\n",
  });
  expect(await run(["-C", folder, "edit", "package/a", "--set", "/title=A"])).toMatchObject({
    stderr: "note: the search index was damaged: it is built anew\n",
  });
  expect(await run(search)).toMatchObject({ stderr: "" });
  expect(await run(["-C", folder, "verify"])).toMatchObject({ code: 0, stderr: "" });
});

test("a server that says nothing in time is told apart from none", async () => {
  const client = new ApiClient(await other(() => {}), "t");
  await expect(client.pid(1)).rejects.toMatchObject({ code: "TIMEOUT" });
});
