import { defineConfig, type ViteUserConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longest-first.ts";
import { SummaryReporter } from "./scripts/summary-reporter.ts";

/** Tests that put something else in the place of a module, which takes a runner of vitest's own. */
const REPLACING = [
  "test/instance/full-quarantine.test.ts",
  "test/log/plan-apply.test.ts",
  "test/store/sqlite-file.test.ts",
  "test/store/worker-thread.test.ts",
];

/**
 * Folders whose tests leave nothing behind in a process: one runs all of theirs, and loads the sources
 * once, which takes half a second for each file. Tests that may harm a process, as those of damaged
 * files, crashes and memory do, have one of their own.
 */
const SHARING = ["base", "catalog", "cli", "log", "merge", "model", "names", "protocol"]
  .concat(["schedule", "search", "server", "sync"])
  .map((folder) => `test/${folder}/**/*.test.ts`);

/**
 * Node loads the sources as it does for users: a fifth less for what passes from one module to another.
 */
const BY_NODE = { viteModuleRunner: false, nodeLoader: false } as const;

const config: ViteUserConfig = defineConfig({
  test: {
    // Processes, not threads: a fault in the native SQLite module then fails one file, not the run.
    pool: "forks",
    // Room for what is new: simulated worlds make much that soon is garbage.
    execArgv: ["--max-semi-space-size=64"],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["test/**/*.test.ts"],
          exclude: [...REPLACING, ...SHARING],
          experimental: BY_NODE,
        },
      },
      {
        extends: true,
        test: {
          name: "sharing",
          include: SHARING,
          exclude: REPLACING,
          isolate: false,
          experimental: BY_NODE,
        },
      },
      { extends: true, test: { name: "replacing", include: REPLACING } },
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", new SummaryReporter()],
    coverage: { provider: "v8", include: ["src/**/*.ts"] },
  },
});

export default config;
