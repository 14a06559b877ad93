#!/usr/bin/env node
// The door to the CLI. Plain JavaScript that any Node ≥ 20 can run, because the CLI itself cannot:
// the SQLite module crashes the process on older versions, and the sources need type stripping.
// On a Node that is too old this starts the Node that `npm ci` installed beside the dependencies.
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import nodeModule from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceMain = join(root, "src", "cli", "main.ts");
const builtMain = join(root, "dist", "cli", "main.js");
const localNodeName = process.platform === "win32" ? "node.exe" : "node";
const localNode = join(root, "node_modules", "node", "bin", localNodeName);
/** Set for a process that this door started on another Node. */
const HANDED_OVER = "SYNCLINE_HANDED_OVER";

/** A checkout runs its sources; a published package has only dist. */
const runsSources = existsSync(sourceMain);
const needed = runsSources ? { major: 24, minor: 0 } : { major: 22, minor: 14 };

function isNodeNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > needed.major || (major === needed.major && minor >= needed.minor);
}

/** Present, and not the one already running: that would start itself for ever. */
function canUseLocalNode() {
  return existsSync(localNode) && realpathSync(localNode) !== realpathSync(process.execPath);
}

/**
 * `syncline log | head` closes our output early. That is no fault, and nobody is left to tell. What
 * else keeps it from being written (a full disk) is said once, and the rest would be lost too.
 */
function endOnBrokenOutput() {
  process.stdout.on("error", (error) => {
    if (error.code === "EPIPE") process.exit();
    const code = ["ENOSPC", "EDQUOT", "EFBIG"].includes(error.code) ? "DISK_FULL" : "STORE_IO";
    const sentence = `standard output cannot be written: ${error.message} [${code}]`;
    process.stderr.write(`error: ${sentence}\n  hint: what was printed so far is not complete\n`);
    process.exit(1);
  });
  // Messages that cannot be written must not stop the work they tell of.
  process.stderr.on("error", () => {});
}

/**
 * Ends this process, as SIGTERM does, when the one that handed over to it is gone: killed, it could
 * not pass that on, and a server would go on unseen. Their channel is closed by the system.
 */
function endWithParent() {
  if (process.env[HANDED_OVER] === undefined) return;
  delete process.env[HANDED_OVER];
  const end = () => process.kill(process.pid, "SIGTERM");
  if (!process.connected) end();
  process.once("disconnect", end);
  // The listener alone would keep a process alive that has nothing more to do.
  process.channel?.unref();
}

/**
 * What was stripped of its types and compiled once is kept beside the dependencies, where only those
 * may write who may change these too: a command then starts in half the time. Threads ask the
 * environment where that is. Where nothing can be written, nothing is kept.
 */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "syncline");
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

/** Sets the exit code and lets the process end by itself, so that all output is written first. */
async function runHere() {
  endWithParent();
  endOnBrokenOutput();
  keepCompiled();
  const { main } = await import(pathToFileURL(runsSources ? sourceMain : builtMain).href);
  process.exitCode = await main(process.argv.slice(2));
}

function runOnLocalNode() {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  // Before the start, or a signal in between would end this process and leave the child behind.
  // Ctrl-C in a terminal reaches both processes; passed on as well, it would arrive twice.
  const isTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on("SIGINT", () => isTerminal || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const child = spawn(localNode, args, {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [HANDED_OVER]: "1" },
  });
  child.on("error", (error) => fail(`could not start ${localNode}: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function fail(sentence) {
  process.stderr.write(`syncline: ${sentence}\n`);
  process.exitCode = 1;
}

if (isNodeNewEnough()) {
  await runHere();
} else if (canUseLocalNode()) {
  runOnLocalNode();
} else {
  const version = needed.minor === 0 ? `${needed.major}` : `${needed.major}.${needed.minor}`;
  const hint = runsSources
    ? '"node scripts/ensure-install.mjs" installs one here'
    : "install a newer one";
  fail(`needs Node ${version} or later, and this is ${process.versions.node}; ${hint}.`);
}
