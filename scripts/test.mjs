// `npm test`: type check, lint, then the tests. All three always run, the tests last, so that
// one run shows every failure and the output ends with the test runner's own summary line.
// Arguments go to vitest: `npm test -- test/merge -t "three heads"`.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a dependency's command-line script on this Node; true if it succeeded. */
function passes(script, args, env = process.env) {
  const command = [join(root, "node_modules", script), ...args];
  const { status, error } = spawnSync(process.execPath, command, {
    cwd: root,
    stdio: "inherit",
    env,
  });
  if (error) process.stderr.write(`${script} could not be started: ${error.message}\n`);
  return status === 0;
}

const failed = [];
if (!passes("typescript/bin/tsc", ["--noEmit"])) failed.push("typecheck");
if (!passes("@biomejs/biome/bin/biome", ["check"])) failed.push("lint");

// The reporter repeats the failed checks just above its summary, where they are not overlooked.
const env = { ...process.env, SYNCLINE_FAILED_CHECKS: failed.join(", ") };
const args = ["run", ...process.argv.slice(2)];
if (!passes("vitest/vitest.mjs", args, env)) failed.push("test");

process.exitCode = failed.length === 0 ? 0 : 1;
