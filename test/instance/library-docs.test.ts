// Proves that the examples in docs/library.md run, in order and as one program, and print what the
// page says.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot, temporaryFolder } from "../toolchain/temporary-folder.ts";

const page = readFileSync(join(repositoryRoot, "docs/library.md"), "utf8");

/** One program from its start, on a machine that is busy with others. */
const MS_MAX = 120_000;

test("docs/library.md", { timeout: MS_MAX }, () => {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code as string);
  expect(blocks.length).toBeGreaterThan(10);
  const source = JSON.stringify(join(repositoryRoot, "src/index.ts"));
  const program = blocks.join("\n").replaceAll('from "syncline"', `from ${source}`);
  const expected = [...program.matchAll(/(?:console\.log\(.*\);|^\}\)|\}\);) \/\/ (.*)$/gm)];
  const folder = temporaryFolder({ "library.ts": program });
  const run = spawnSync(process.execPath, ["library.ts"], { cwd: folder, encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run.stdout.trimEnd().split("\n")).toEqual(expected.map(([, text]) => text));
  expect(run.status).toBe(0);
});
