// Proves with processes and copied files that a restored source gets back what it lost, that a copy
// is noticed, and that with an identity of its own both branches go on and nothing is lost.
import { cpSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { testFolder } from "./folder.ts";
import { type Server, serve, shell } from "./syncline.ts";

const path = testFolder();
let server: Server | undefined;

afterEach(async () => void (await server?.stop("SIGKILL")));

async function run(line: string): Promise<string> {
  const { code, stdout, stderr } = await shell(line, path("."));
  expect({ line, code, stderr }).toMatchObject({ line, code: 0 });
  return stdout;
}

const title = (folder: string) =>
  run(`syncline -C ${folder} show package/p --json | grep '"title"'`);

test("a source restored to a backup, and a copy of its folder", { timeout: 120_000 }, async () => {
  await run("syncline init a --name a && syncline init hub --name hub");
  server = await serve(path("hub"));
  await run(`echo '{"name":"p","title":"one"}' | syncline -C a import -`);
  await run(`syncline -C a link add hub ${server.url} --direction push && syncline -C a sync`);
  await run("syncline -C a backup monday.db");
  await run("syncline -C a edit package/p --set /title=two && syncline -C a sync");
  cpSync(path("a"), path("copy"), { recursive: true });

  expect((await shell("syncline -C a restore monday.db", path("."))).stderr).toContain("--force");
  await run("syncline -C a restore --force monday.db");
  expect(await title("a")).toContain("one");
  await run("syncline -C a sync");
  expect(await title("a")).toContain("two");

  await run("syncline -C copy edit package/p --set /title=copied && syncline -C copy sync");
  const refused = await shell("syncline -C a sync", path("."));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("SAME_IDENTITY");
  expect(refused.stderr).toContain("instance new-identity");
  await run("syncline -C copy instance new-identity --name copy && syncline -C copy sync");
  await run("syncline -C a edit package/p --set /title=three && syncline -C a sync");
  for (const folder of ["a", "copy", "hub"]) {
    expect(await run(`syncline -C ${folder} verify`)).toMatch(/^sound/);
  }
});
