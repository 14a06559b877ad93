// Proves that the install step installs where dependencies are missing or older than the lock
// file, does nothing where they are not, and passes a failure on.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot, temporaryFolder } from "./temporary-folder.ts";

/** Stands in for npm: says what it was asked, and leaves what npm leaves. */
const npm = `
const { mkdirSync, writeFileSync } = require("node:fs");
console.error("npm " + process.argv.slice(2).join(" "));
if (process.argv[2] === failingStep) process.exit(9);
mkdirSync("node_modules", { recursive: true });
writeFileSync("node_modules/.package-lock.json", "{}");
`;

function packageFolder(failingStep = "none"): string {
  const folder = temporaryFolder({
    "package-lock.json": "{}",
    "npm/npm-cli.js": `const failingStep = "${failingStep}";${npm}`,
  });
  mkdirSync(join(folder, "scripts"));
  const script = "scripts/ensure-install.mjs";
  copyFileSync(join(repositoryRoot, script), join(folder, script));
  return folder;
}

function ensureInstall(folder: string): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, "scripts/ensure-install.mjs")],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        npm_execpath: join(folder, "npm/npm-cli.js"),
        npm_node_execpath: process.execPath,
      },
    },
  );
  return { status, stdout, stderr };
}

const installing = `Installing dependencies with npm ci …
npm ci --include=dev --ignore-scripts
npm rebuild node
`;

test("installs once, and again when the lock file has changed since", () => {
  const folder = packageFolder();
  expect(ensureInstall(folder)).toEqual({ status: 0, stdout: "", stderr: installing });
  expect(ensureInstall(folder)).toEqual({ status: 0, stdout: "", stderr: "" });
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(folder, "package-lock.json"), later, later);
  expect(ensureInstall(folder)).toEqual({ status: 0, stdout: "", stderr: installing });
});

test("leaves packages alone that are shared with another checkout", () => {
  const folder = packageFolder();
  const shared = temporaryFolder({ "node_modules/.package-lock.json": "{}" });
  symlinkSync(join(shared, "node_modules"), join(folder, "node_modules"), "dir");
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(folder, "package-lock.json"), later, later);
  const { status, stderr } = ensureInstall(folder);
  expect([status, stderr]).toEqual([1, expect.stringContaining("remove the link")]);
  expect(stderr).not.toContain("npm ci …");
  const same = new Date(Date.now() - 60_000);
  utimesSync(join(folder, "package-lock.json"), same, same);
  expect(ensureInstall(folder)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test.each(["ci", "rebuild"])("fails where npm %s fails, and tries again next time", (step) => {
  const folder = packageFolder(step);
  const first = ensureInstall(folder);
  expect(first).toMatchObject({ status: 9, stderr: expect.stringContaining(`npm ${step}`) });
  expect(ensureInstall(folder)).toEqual(first);
});
