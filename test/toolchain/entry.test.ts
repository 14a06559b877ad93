// Proves that bin/syncline.js runs the CLI on a Node that is new enough, hands over to the
// installed Node (with arguments, exit code and signals) on one that is not, and otherwise says
// in one sentence what is missing.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { repositoryRoot, temporaryFolder } from "./temporary-folder.ts";

const entry = readFileSync(join(repositoryRoot, "bin/syncline.js"), "utf8");
const manifest = `{"type": "module"}`;
const echoMain = `export async function main(argv) {
  console.log("main got " + argv.join(" "));
  return 3;
}`;

/** Starts the entry of a package made of `files`, on a Node that says it has `version`. */
function start(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  version: string = process.versions.node,
): ChildProcessWithoutNullStreams {
  const folder = temporaryFolder({
    ...files,
    "package.json": manifest,
    "bin/syncline.js": entry,
    "pretend.cjs": `Object.defineProperty(process.versions, "node", { value: "${version}" });`,
  });
  const script = join(folder, "bin/syncline.js");
  return spawn(process.execPath, ["--require", join(folder, "pretend.cjs"), script, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: undefined },
  });
}

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function finish(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const exited = once(child, "exit");
  const [[code], out, err] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

test("a checkout runs its sources, even where a build lies beside them", async () => {
  const files = { "src/cli/main.ts": echoMain, "dist/cli/main.js": "throw new Error('stale');" };
  const result = await finish(start(files, ["log", "--json"]));
  expect(result).toEqual({ code: 3, out: "main got log --json\n", err: "" });
});

test("a published package runs its build, from Node 22.14 on", async () => {
  const result = await finish(start({ "dist/cli/main.js": echoMain }, ["log"], "22.14.0"));
  expect(result).toEqual({ code: 3, out: "main got log\n", err: "" });
});

test("what was compiled once is kept beside the dependencies", async () => {
  const main = { "src/cli/main.ts": echoMain };
  const child = start({ ...main, "node_modules/some/index.js": "" }, []);
  expect(await finish(child)).toMatchObject({ code: 3, err: "" });
  const folder = dirname(dirname(child.spawnargs[3] as string));
  expect(readdirSync(join(folder, "node_modules/.cache/syncline"))).toHaveLength(1);
  // Nothing can be kept where a file is in the way.
  const result = await finish(start({ ...main, node_modules: "" }, []));
  expect(result).toEqual({ code: 3, out: "main got \n", err: "" });
});

test.each([
  ["src/cli/main.ts", "23.11.0", "needs Node 24 or later, and this is 23.11.0"],
  ["dist/cli/main.js", "22.13.1", "needs Node 22.14 or later, and this is 22.13.1"],
])("with only %s, Node %s is too old", async (path, version, sentence) => {
  const result = await finish(start({ [path]: echoMain }, [], version));
  expect(result).toMatchObject({ code: 1, out: "" });
  expect(result.err).toContain(sentence);
  expect(result.err.trim().split("\n")).toHaveLength(1);
});

test("an old Node hands over to the installed one: arguments, output, exit code", async () => {
  const installed = `#!/bin/sh\nshift 3\necho "installed node got $*"\nexit 7\n`;
  const files = { "src/cli/main.ts": echoMain, "node_modules/node/bin/node": installed };
  const result = await finish(start(files, ["log", "two words"], "20.20.2"));
  expect(result).toEqual({ code: 7, out: "installed node got log two words\n", err: "" });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s reaches the installed Node", async (signal) => {
  const name = signal.slice(3);
  const installed = `#!/bin/sh
trap 'echo got ${name}; exit 5' ${name}
echo ready
for turn in $(seq 200); do sleep 0.05; done
`;
  const files = { "src/cli/main.ts": echoMain, "node_modules/node/bin/node": installed };
  const child = start(files, [], "20.20.2");
  child.stdout.once("data", () => child.kill(signal));
  expect(await finish(child)).toEqual({ code: 5, out: `ready\ngot ${name}\n`, err: "" });
});

test.each(["serves until SIGTERM", "heeds no signal"])(
  "what was handed over ends with a killed parent, also one that %s",
  async (kind) => {
    const installed = `#!/bin/sh\nshift 2\nexec "${process.execPath}" "$@"\n`;
    const main = `export async function main([kind]) {
      const ended = new Promise((resolve) => kind[0] === "s" && process.once("SIGTERM", resolve));
      console.log("serving");
      setTimeout(() => process.exit(console.log("left behind")), 5000);
      await ended;
      console.log("closed");
      process.exit(0);
    }`;
    const files = { "src/cli/main.ts": main, "node_modules/node/bin/node": installed };
    const child = start(files, [kind], "20.20.2");
    child.stdout.once("data", () => child.kill("SIGKILL"));
    // The output is shared: it ends when both processes have.
    const out = await text(child.stdout);
    expect(out).toBe(kind[0] === "s" ? "serving\nclosed\n" : "serving\n");
  },
);

test("what was handed over ends by itself when it is done", async () => {
  const installed = `#!/bin/sh\nshift 2\nexec "${process.execPath}" "$@"\n`;
  const main = `export async function main() {
    console.log(process.env.SYNCLINE_HANDED_OVER);
    return 3;
  }`;
  const files = { "src/cli/main.ts": main, "node_modules/node/bin/node": installed };
  const result = await finish(start(files, [], "20.20.2"));
  expect(result).toEqual({ code: 3, out: "undefined\n", err: "" });
});

test("all output is written before the process ends", async () => {
  const main = `export async function main() {
    process.stdout.write("x".repeat(3_000_000) + "\\n");
    return 4;
  }`;
  const result = await finish(start({ "src/cli/main.ts": main }, []));
  expect({ ...result, out: result.out.length }).toEqual({ code: 4, out: 3_000_001, err: "" });
});

test("a reader that closes early, as head does, is no error", async () => {
  const main = `export async function main() {
    while (true) {
      process.stdout.write("line\\n");
      await new Promise((resolve) => setImmediate(resolve));
    }
  }`;
  const child = start({ "src/cli/main.ts": main }, []);
  child.stdout.once("data", () => child.stdout.destroy());
  const [[code], err] = await Promise.all([once(child, "exit"), text(child.stderr)]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

test("a full disk behind stdout is said in a sentence, behind stderr it stops nothing", async () => {
  const main = `export async function main() {
    process.stderr.write("progress\\n");
    await new Promise((resolve) => setImmediate(resolve));
    process.stdout.write("line\\n");
    return 0;
  }`;
  const full = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(full));
  const folder = temporaryFolder({
    "package.json": manifest,
    "bin/syncline.js": entry,
    "src/cli/main.ts": main,
  });
  const script = join(folder, "bin/syncline.js");
  const run = async (stdio: ["ignore", number, "pipe"] | ["ignore", "pipe", number]) => {
    const child = spawn(process.execPath, [script], { stdio });
    const said = text((child.stdout ?? child.stderr) as Readable);
    const [code] = await once(child, "exit");
    return { code, said: await said };
  };
  const told = /^progress\nerror: standard output .*ENOSPC.* \[DISK_FULL\]\n.*\n$/;
  const [out, err] = await Promise.all([
    run(["ignore", full, "pipe"]),
    run(["ignore", "pipe", full]),
  ]);
  expect(out).toEqual({ code: 1, said: expect.stringMatching(told) });
  expect(err).toEqual({ code: 0, said: "line\n" });
});
