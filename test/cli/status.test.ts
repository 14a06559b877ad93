// Proves that status and link show name the trouble a link has, instead of "nothing".
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "./run.ts";

test("a link whose last run failed stands in status and in link show, with the reason", async () => {
  const root = mkdtempSync(join(tmpdir(), "syncline-status-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, "a");
  const syncline = (...args: string[]) => run(["-C", folder, ...args], { columns: 80 });
  await run(["init", folder, "--name", "a"]);
  expect((await syncline("status")).stdout).toMatch(/attention nothing\n/);

  await syncline("link", "add", "hq", "http://127.0.0.1:1", "--direction", "pull");
  await syncline("link", "add", "new", "http://127.0.0.1:1", "--direction", "push");
  expect((await syncline("sync", "hq")).code).toBe(1);
  const { stdout } = await syncline("status");
  expect(stdout).toMatch(/attention link hq failed, CONNECT_FAILED: cannot connect to .*…\n/);
  expect(stdout).not.toContain("nothing\n");
  const { attention } = JSON.parse((await syncline("status", "--json")).stdout);
  expect(attention).toEqual([
    "link hq failed, CONNECT_FAILED: cannot connect to http://127.0.0.1:1: ECONNREFUSED",
  ]);
  const shown = (await syncline("link", "show", "hq")).stdout;
  expect(shown).toMatch(
    / {2}error: cannot connect to .* \[CONNECT_FAILED\]\n {2}hint: is the other/,
  );
  expect((await syncline("link", "show", "new")).stdout).not.toContain("error");
});
