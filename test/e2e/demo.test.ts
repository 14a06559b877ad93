// Proves the tour that `npm start` gives: it tells every step, ends with equal digests, and leaves
// neither a folder nor a server behind, however it ends.

import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { displayWidth } from "../../src/cli/output/text.ts";
import { testFolder } from "./folder.ts";
import { shell, start, syncline } from "./syncline.ts";

const path = testFolder();

/** A folder for temporary files, to see what is left in it. */
function temporary(name: string): { readonly TMPDIR: string } {
  mkdirSync(path(name));
  return { TMPDIR: path(name) };
}

test("without a terminal: the whole tour, then the end", async () => {
  const env = temporary("once");
  const { code, stdout, stderr } = await syncline(["demo"], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const steps = stdout.match(/^\d\. .*$/gm);
  expect(steps).toHaveLength(7);
  expect(stdout).toMatch(/55 lines became 55 packages,.* tags,\s+each with\s/s);
  expect(stdout).toMatch(/pulled \d+ objects .*pulled 3 objects \(3 revisions\), /s);
  expect(stdout).toContain("The digests are equal");
  for (const line of stdout.split("\n")) {
    if (!line.includes("/")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  }
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});

test("--keep keeps both instances, which open", async () => {
  const env = temporary("kept");
  expect((await syncline(["demo", "--keep"], { env })).code).toBe(0);
  const [folder] = readdirSync(env.TMPDIR);
  const found = await shell(
    `cd kept/${folder} && syncline -C hq status && syncline -C branch log | head -1`,
    path("."),
  );
  expect(found).toMatchObject({ code: 0, stderr: "" });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s in the middle: nothing is left", async (signal) => {
  const env = temporary(signal);
  const { child, result } = start(["demo"], env);
  for await (const chunk of child.stdout) if (String(chunk).includes("listening on")) break;
  child.kill(signal);
  if (child.exitCode === null) await once(child, "exit");
  void result;
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});

test("a reader that goes away: nothing is left, and that is no failure", async () => {
  const { TMPDIR } = temporary("head");
  const { code, stderr } = await shell(
    `set -o pipefail; export TMPDIR="${TMPDIR}"; syncline demo | head -2`,
    path("."),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(readdirSync(TMPDIR)).toEqual([]);
});
