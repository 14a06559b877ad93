// Runs `npm ci` where the dependencies are missing or older than package-lock.json, so that
// `npm start` and `npm test` work right after a checkout. Plain JavaScript that imports nothing
// but Node: it has to run on the system's Node, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockPath = join(root, "package-lock.json");
/** npm writes this file last; an interrupted install leaves none, and is then done again. */
const installedLockPath = join(root, "node_modules", ".package-lock.json");

function isInstalled() {
  if (!existsSync(installedLockPath)) return false;
  return statSync(installedLockPath).mtimeMs >= statSync(lockPath).mtimeMs;
}

/** The npm that runs this script, on the Node that runs that npm; outside npm, the one on PATH. */
function npmCi() {
  // Tests and the CLI need the devDependencies too, whatever NODE_ENV says.
  const args = ["ci", "--include=dev"];
  const options = { cwd: root, stdio: ["inherit", 2, 2] };
  const { npm_execpath: npmCli, npm_node_execpath: npmNode } = process.env;
  if (npmCli?.endsWith("npm-cli.js")) {
    // Not process.execPath: that may be the Node in node_modules, which `npm ci` deletes.
    return spawnSync(npmNode ?? process.execPath, [npmCli, ...args], options);
  }
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

if (!isInstalled()) {
  process.stderr.write("Installing dependencies with npm ci …\n");
  const { status, error } = npmCi();
  if (error) process.stderr.write(`npm ci could not be started: ${error.message}\n`);
  if (status === 0) {
    const now = new Date();
    utimesSync(installedLockPath, now, now);
  }
  process.exitCode = status ?? 1;
}
