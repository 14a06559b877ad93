// Installs the dependencies where they are missing or older than package-lock.json, so that
// `npm start` and `npm test` work right after a checkout. Plain JavaScript that imports nothing
// but Node: it has to run on the system's Node, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockPath = join(root, "package-lock.json");
const modulesPath = join(root, "node_modules");
/** npm writes this file when it has put all packages in place. */
const installedLockPath = join(modulesPath, ".package-lock.json");

/**
 * `npm ci` in two steps. Older versions of npm know no `allowScripts` and would run a native
 * build of better-sqlite3, which ships prebuilt: that fails on a machine without Python. So no
 * package's scripts run but those of `node`, which fetch the Node that everything else runs on.
 */
const steps = [
  // Tests and the CLI need the devDependencies too, whatever NODE_ENV says.
  ["ci", "--include=dev", "--ignore-scripts"],
  ["rebuild", "node"],
];

function isInstalled() {
  if (!existsSync(installedLockPath)) return false;
  return statSync(installedLockPath).mtimeMs >= statSync(lockPath).mtimeMs;
}

function markInstalled(date) {
  utimesSync(installedLockPath, date, date);
}

/** The npm that runs this script, on the Node that runs that npm; outside npm, the one on PATH. */
function npm(args) {
  // npm's report goes to standard error: standard output belongs to the command that follows.
  const options = { cwd: root, stdio: ["inherit", 2, 2] };
  const { npm_execpath: npmCli, npm_node_execpath: npmNode } = process.env;
  if (npmCli?.endsWith("npm-cli.js")) {
    // Not process.execPath: that may be the Node in node_modules, which `npm ci` deletes.
    return spawnSync(npmNode ?? process.execPath, [npmCli, ...args], options);
  }
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

/** True if the step succeeded; else the process exits with its code. */
function run(args) {
  const { status, error } = npm(args);
  if (error) process.stderr.write(`npm could not be started: ${error.message}\n`);
  if (status !== 0) process.exitCode = status ?? 1;
  // Until the last step is done, an interruption must not look like an installation.
  else markInstalled(new Date(0));
  return status === 0;
}

/**
 * Packages that are shared with another checkout are its own to install: `npm ci` would follow the
 * link, and empty what it leads to.
 */
function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

if (!isInstalled() && isLink(modulesPath)) {
  process.stderr.write(
    "node_modules is a link to packages that are missing or older than package-lock.json, and is left alone.\n" +
      "Run npm ci where it leads to, or remove the link and run this again.\n",
  );
  process.exitCode = 1;
} else if (!isInstalled()) {
  process.stderr.write("Installing dependencies with npm ci …\n");
  if (steps.every(run)) markInstalled(new Date());
}
