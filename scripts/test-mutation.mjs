// `npm run test:mutation`: changes src/merge in about a thousand small ways, one at a time, and lists
// the changes that no test notices. Takes half an hour. Stryker is installed in a copy of the
// repository, since its two hundred packages serve nothing else.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const STRYKER = "10.1.1";
const root = fileURLToPath(new URL("..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "syncline-mutants-"));

/** Runs a command in the copy; the exit code. */
function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: copy, stdio: "inherit" });
  return status ?? 1;
}

// No tsconfig.json: Stryker would rewrite it with a TypeScript that has an API, which 7 has not.
for (const name of ["src", "test", "docs", "scripts", "package.json", "package-lock.json"]) {
  cpSync(join(root, name), join(copy, name), { recursive: true });
}
const tests = {
  include: ["test/merge/*.test.ts"],
  exclude: ["test/merge/order-laws.test.ts", "test/merge/engine-small-2.test.ts"],
  testTimeout: 60_000,
  env: { HISTORIES: "0.02" },
};
writeFileSync(
  join(copy, "vitest.config.mjs"),
  `export default ${JSON.stringify({ test: tests })};\n`,
);
writeFileSync(
  join(copy, "stryker.config.json"),
  JSON.stringify({
    plugins: ["@stryker-mutator/vitest-runner"],
    testRunner: "vitest",
    vitest: { related: false },
    mutate: ["src/merge/*.ts"],
    coverageAnalysis: "perTest",
    disableTypeChecks: false,
    ignoreStatic: true,
    concurrency: 1,
    timeoutMS: 60_000,
    reporters: ["clear-text", "progress-append-only"],
  }),
);
const packages = ["core", "vitest-runner"].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
const stryker = join(copy, "node_modules/@stryker-mutator/core/bin/stryker.js");
process.exitCode =
  run("npm", "ci") ||
  run("npm", "install", "--no-save", ...packages) ||
  run(process.execPath, stryker, "run");
rmSync(copy, { recursive: true, force: true });
