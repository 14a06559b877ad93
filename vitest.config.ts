import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { SummaryReporter } from "./scripts/summary-reporter.ts";

const config: ViteUserConfig = defineConfig({
  resolve: {
    // Tests and documentation examples import the package by its published name.
    alias: { syncline: fileURLToPath(new URL("./src/index.ts", import.meta.url)) },
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Processes, not threads: a fault in the native SQLite module then fails one file, not the run.
    pool: "forks",
    // Room for what is new: simulated worlds make much that soon is garbage.
    execArgv: ["--max-semi-space-size=64"],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", new SummaryReporter()],
    coverage: { provider: "v8", include: ["src/**/*.ts"] },
  },
});

export default config;
