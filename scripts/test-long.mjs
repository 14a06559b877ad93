// `npm run test:long`: the tests of the merge on many more random histories, and power cuts at every
// write of a longer life of an instance. HISTORIES says how many times as many histories as in
// `npm test`; 20 if it is not set. Arguments go to vitest.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tests = ["test/merge", "test/oracle", "test/store/durability-sessions.test.ts"];
const vitest = [`${root}node_modules/vitest/vitest.mjs`, "run", ...tests];
const env = { HISTORIES: "20", ...process.env };
const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env,
});
process.exitCode = status ?? 1;
