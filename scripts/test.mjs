// `npm test`: type check, lint, then the tests. All three always run, the tests last, so that
// one run shows every failure and the output ends with the test runner's own summary line.
// Arguments go to vitest: `npm test -- test/merge -t "three heads"`.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** True if the command succeeded. npm has put the dependencies' commands on PATH. */
function passes(command, args, options) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) process.stderr.write(`${command} could not be started: ${error.message}\n`);
  return status === 0;
}

const failed = ["typecheck", "lint"].filter((name) => !passes(scripts[name], [], { shell: true }));

// The reporter repeats the failed checks just above its summary, where they are not overlooked.
// Threads and processes that tests start find compiled what earlier ones compiled.
const compiled = `${root}node_modules/.cache/syncline`;
const env = {
  NODE_COMPILE_CACHE: compiled,
  ...process.env,
  SYNCLINE_FAILED_CHECKS: failed.join(", "),
};
const vitest = [`${root}node_modules/vitest/vitest.mjs`, "run", ...process.argv.slice(2)];
if (!passes(process.execPath, vitest, { env })) failed.push("test");

process.exitCode = failed.length === 0 ? 0 : 1;
