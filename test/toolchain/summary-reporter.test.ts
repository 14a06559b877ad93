// Proves that a test run ends with the plain summary line, counted from the runner's own results,
// and that a run which failed or tested nothing never exits with 0.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot, temporaryFolder } from "./temporary-folder.ts";

const config = `
import { SummaryReporter } from ${JSON.stringify(join(repositoryRoot, "scripts/summary-reporter.ts"))};
export default { test: { globals: true, reporters: ["default", new SummaryReporter()] } };
`;

/** Runs the real test runner over `files`; the lines are those of its standard output. */
function run(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): { status: number | null; lines: string[] } {
  const folder = temporaryFolder({ ...files, "vitest.config.mjs": config });
  const vitest = join(repositoryRoot, "node_modules/vitest/vitest.mjs");
  const command = [vitest, "run", "--root", folder, ...args];
  const { status, stdout } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", SYNCLINE_FAILED_CHECKS: "lint" },
  });
  return { status, lines: stdout.replace(/\n$/, "").split("\n") };
}

test("passed tests, and skipped ones with their reasons", () => {
  const { status, lines } = run({
    "a.test.js": `
      test("one", () => {});
      test("two", () => {});
      describe("group", () => {
        test("three", (context) => context.skip("needs a display"));
        test.skip("four", () => {});
        test.todo("five");
      });`,
  });
  expect(lines.slice(-6)).toEqual([
    "Skipped:",
    "  a.test.js > group > three: needs a display",
    "  a.test.js > group > four: no reason given",
    "  a.test.js > group > five: to be written",
    "Failed before the tests: lint (see above)",
    "2 passed, 0 failed, 3 skipped",
  ]);
  expect(status).toBe(0);
});

test("failed tests, files that do not load, failed hooks, unhandled errors", () => {
  const { status, lines } = run({
    "fails.test.js": `test("one", () => { expect(1).toBe(2); }); test("two", () => {});`,
    "load.test.js": `throw new Error("not loaded");`,
    "syntax.test.js": `test("one", () => {`,
    "empty.test.js": "",
    "hook.test.js": `
      describe("group", () => {
        beforeAll(() => { throw new Error("no set-up"); });
        test("three", () => {});
      });`,
    "late.test.js": `
      test("four", async () => {
        setTimeout(() => { throw new Error("late"); }, 0);
        await new Promise((resolve) => setTimeout(resolve, 50));
      });`,
  });
  expect(lines.at(-1)).toBe("2 passed, 6 failed, 1 skipped");
  expect(status).toBe(1);
});

test("a worker that dies counts as failed", () => {
  const { status, lines } = run({
    "dies.test.js": `test("one", () => { process.kill(process.pid, "SIGSEGV"); });`,
  });
  expect(lines.at(-1)).toMatch(/^0 passed, [12] failed, 0 skipped$/);
  expect(status).toBe(1);
});

test("a run without tests fails", () => {
  const { status, lines } = run({});
  expect(lines.at(-1)).toBe("0 passed, 0 failed, 0 skipped");
  expect(status).toBe(1);
});

test("a name filter that matches nothing fails, and lists nothing as skipped", () => {
  const { status, lines } = run({ "a.test.js": `test("one", () => {});` }, ["-t", "two"]);
  expect(lines).not.toContain("Skipped:");
  expect(lines.at(-1)).toBe("0 passed, 0 failed, 1 skipped");
  expect(status).toBe(1);
});
